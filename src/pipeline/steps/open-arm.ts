import { createArm, retrieves } from "../../arms/index.ts";
import { LoragError, type Arm, type ArmSpec } from "../../contracts/index.ts";
import { isCompleteFolder } from "../../platform/index.ts";
import { adapterOf } from "../adapter-spec.ts";
import type { Project } from "../config/read-project.ts";
import { indexOf, retrievalOf } from "../index-spec.ts";
import type { Parts } from "../parts.ts";
import { styleOf } from "../style.ts";
import { armVersion } from "./training-examples.ts";

/** What an arm was made of: identities of its base model, index and adapter. */
export interface ArmMaterials {
  model: string;
  index: string | undefined;
  adapter: string | undefined;
}

/** Everything that an arm's answers depend on besides the questions. */
export function answerInputs(project: Project, arm: ArmSpec, made: ArmMaterials): unknown[] {
  const { arithmetic, max_new_tokens } = project.config;
  return [
    armVersion,
    [arm.name, arm.context, arm.answerer, styleOf(project, arm), made.model, arithmetic, max_new_tokens],
    retrieves(arm) ? [made.index, retrievalOf(project, arm)] : [],
    made.adapter,
  ];
}

/** Throws LORAG_ADAPTER_DAMAGED where the adapter is not as it was trained. */
export async function openArm(project: Project, parts: Parts, arm: ArmSpec): Promise<Arm> {
  const adapter = adapterOf(project, arm);
  if (adapter && !(await isCompleteFolder(adapter.folder))) throw damagedAdapter(arm.name, adapter.folder);
  const generator = await parts.generator(arm.model);
  // An adapter was trained on a model of this machine, which hosts it.
  if (adapter) await generator.loadAdapter?.(adapter.key, adapter.folder);
  const { mode, top_k } = retrievalOf(project, arm);
  const retrieve = parts.retrieve(indexOf(project, arm), mode);
  return createArm(arm, {
    generator,
    ...(adapter && { adapter: adapter.key }),
    style: styleOf(project, arm),
    sampling: { maxTokens: project.config.max_new_tokens },
    retrieve: (question) => retrieve(question, top_k),
    cite: parts.cite,
  });
}

function damagedAdapter(arm: string, folder: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_DAMAGED",
    kind: "data",
    message: `The adapter in ${folder} is damaged: a file is missing or not as it was written`,
    next: `Run \`lorag train ${arm}\`, which trains it again.`,
  });
}
