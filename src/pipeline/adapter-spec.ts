import { join } from "node:path";
import { retrieves } from "../arms/index.ts";
import type { ArmSpec, ContextName, Example } from "../contracts/index.ts";
import type { TrainingSettings } from "../training/index.ts";
import type { Project } from "./config/read-project.ts";
import { indexOf, retrievalOf } from "./index-spec.ts";
import { fingerprint } from "./steps/record.ts";
import { styleOf } from "./style.ts";
import { trainingSettings } from "./training-settings.ts";

/** An adapter, by what it is trained on and how: arms that differ in neither share it. */
export interface AdapterSpec {
  /** Its name in folders and records. */
  key: string;
  /** One arm that answers with it: its prompts are what the examples are rendered as. */
  arm: ArmSpec;
  settings: TrainingSettings;
  folder: string;
  /** Where a run that was cut off is taken up again. */
  checkpoints: string;
}

/** Examples as an adapter is trained on them, their prompts rendered as at answer time. */
export interface TrainingExamples {
  train: Example[];
  validation: Example[];
}

/** What the key begins with, by what the examples show. */
const prefixes: Record<ContextName, string> = { none: "tuned", passages: "tuned-rag" };

/** The adapter that an arm answers with; undefined for one that is not tuned. */
export function adapterOf(project: Project, arm: ArmSpec): AdapterSpec | undefined {
  if (!arm.tuning) return undefined;
  const plain: ArmSpec = { name: arm.name, context: arm.context, answerer: arm.answerer, tuning: {} };
  const own = fingerprint(trainingInputs(project, arm));
  const isPlain = own === fingerprint(trainingInputs(project, plain));
  const key = prefixes[arm.context] + (isPlain ? "" : `-${own.slice(0, 8)}`);
  return {
    key,
    arm,
    settings: trainingSettings(project.config, arm.tuning),
    folder: join(project.output, "adapters", key),
    checkpoints: join(project.output, "checkpoints", key),
  };
}

/** Each once, in the order of the arms. */
export function adaptersOf(project: Project, arms: ArmSpec[]): AdapterSpec[] {
  const specs = arms.flatMap((arm) => adapterOf(project, arm) ?? []);
  return [...new Map(specs.toReversed().map((spec) => [spec.key, spec])).values()].toReversed();
}

/** What distinguishes one arm's training from another's in the same project. */
function trainingInputs(project: Project, arm: ArmSpec): unknown[] {
  // How many passages an answer is shown is no matter of training.
  const { top_k: _, ...found } = retrievalOf(project, arm);
  return [
    arm.model,
    trainingSettings(project.config, arm.tuning ?? {}),
    styleOf(project, arm),
    retrieves(arm) && [found, indexOf(project, arm).key],
  ];
}
