import { armTraits, createArm, retrieves } from "../../arms/index.ts";
import { LoragError, type Arm, type ArmName } from "../../contracts/index.ts";
import { isCompleteFolder } from "../../platform/index.ts";
import type { Parts } from "../parts.ts";
import type { Project } from "../config/read-project.ts";
import { fingerprint } from "./record.ts";
import type { TrainedAdapter } from "./train-adapter.ts";
import { armVersion, styleOf } from "./training-examples.ts";

/** What an arm is made of in this project. */
export interface ArmPlan {
  name: ArmName;
  /** Its identity. */
  baseModel: string;
  /** Of the index, where there is one. */
  index?: string;
  adapter?: Pick<TrainedAdapter, "folder" | "fingerprint">;
}

/** Of everything that its answers depend on besides the questions. */
export function fingerprintArm(
  { config, ...project }: Project,
  { name, baseModel, index, adapter }: ArmPlan,
): string {
  const { arithmetic, max_new_tokens, retrieval } = config;
  const style = styleOf({ config, ...project });
  const passages = retrieves(name) ? [index, retrieval] : [];
  return fingerprint(
    armVersion,
    [name, style, baseModel, arithmetic, max_new_tokens],
    passages,
    adapter?.fingerprint,
  );
}

/** Throws LORAG_ADAPTER_DAMAGED where the adapter is not as it was trained. */
export async function openArm(
  project: Project,
  parts: Parts,
  { name, adapter }: Pick<ArmPlan, "name" | "adapter">,
): Promise<Arm> {
  const { max_new_tokens, retrieval } = project.config;
  if (adapter && !(await isCompleteFolder(adapter.folder))) throw damagedAdapter(name, adapter.folder);
  const generator = await parts.generator();
  if (adapter) await generator.loadAdapter(name, adapter.folder);
  return createArm(
    {
      generator,
      style: styleOf(project),
      sampling: { maxTokens: max_new_tokens },
      retrieve: (question) => parts.retrieve(question, retrieval.top_k),
      cite: parts.cite,
    },
    armTraits[name],
  );
}

function damagedAdapter(arm: ArmName, folder: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_DAMAGED",
    kind: "data",
    message: `The adapter in ${folder} is damaged: a file is missing or not as it was written`,
    next: `Run \`lorag train ${arm}\`, which trains it again.`,
  });
}
