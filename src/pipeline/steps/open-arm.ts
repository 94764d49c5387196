import { armMakers } from "../../arms/index.ts";
import type { Arm, ArmName } from "../../contracts/index.ts";
import type { Parts } from "../assemble.ts";
import type { Project } from "../config/read-project.ts";
import { fingerprint } from "./record.ts";
import type { TrainedAdapter } from "./train-adapter.ts";
import { styleOf } from "./training-examples.ts";

/** Changed when prompts, citation checks or decoding change, so that answers of before are not used again. */
const armVersion = 1;

/** An arm ready to answer, and the fingerprint of what its answers depend on besides the question. */
export async function openArm(
  project: Project,
  parts: Parts,
  name: ArmName,
  indexFingerprint: string,
  adapter: Pick<TrainedAdapter, "folder" | "fingerprint"> | undefined,
): Promise<{ arm: Arm; fingerprint: string }> {
  const { config } = project;
  const style = styleOf(project);
  const generator = await parts.generator();
  if (adapter) await generator.loadAdapter(name, adapter.folder);
  const arm = armMakers[name]({
    generator,
    style,
    sampling: { maxTokens: config.max_new_tokens },
    retrieve: (question) => parts.retrieve(question, config.retrieval.top_k),
    cite: parts.cite,
  });
  const { base_model, arithmetic, max_new_tokens } = config;
  return {
    arm,
    fingerprint: fingerprint(
      armVersion,
      [name, style, base_model, arithmetic, max_new_tokens],
      indexFingerprint,
      adapter?.fingerprint,
    ),
  };
}
