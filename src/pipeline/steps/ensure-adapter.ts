import { join } from "node:path";
import { LoragError, type TrainingRecord } from "../../contracts/index.ts";
import { exists, isCompleteFolder, listFolder, removePath, sha256File } from "../../platform/index.ts";
import type { AdapterSpec, TrainingExamples } from "../adapter-spec.ts";
import type { Context } from "../context.ts";
import type { Parts } from "../parts.ts";
import { inStage, stageIds } from "../stage.ts";
import { fingerprint, reuseOrRun } from "./record.ts";

export interface TrainedAdapter {
  /** Its key. */
  name: string;
  /** A PEFT adapter. */
  folder: string;
  record: TrainingRecord;
  /** Unchanged since an earlier run. */
  reused: boolean;
  /** Of everything that the adapter depends on. */
  fingerprint: string;
}

/** An adapter that arms can answer with; one from elsewhere has no record. */
export type ReadyAdapter = Omit<TrainedAdapter, "record"> & { record?: TrainingRecord };

/** One that was imported, unless it was changed since. Throws LORAG_ADAPTER_DAMAGED, LORAG_ADAPTER_MISSING. */
export async function findImported({ key, folder }: AdapterSpec): Promise<ReadyAdapter> {
  if (!(await exists(folder))) throw notImported(folder);
  const files = (await listFolder(folder)).sort();
  const hashes = await Promise.all(files.map((file) => sha256File(join(folder, file))));
  return { name: key, folder, reused: true, fingerprint: fingerprint(hashes) };
}

function notImported(folder: string): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_MISSING",
    kind: "missing",
    message: `There is no adapter in ${folder}, which an arm of lorag.yaml names`,
    next: "Bring it in with `lorag import FOLDER`, or correct the path.",
  });
}

/** What an adapter depends on: `model` and `examples` tell the base model and what it is trained on apart. */
export const trainingInputs = ({ settings }: AdapterSpec, model: string, examples: unknown): unknown[] => [
  model,
  settings,
  examples,
];

/** Has an adapter trained: trains it, or goes on with a run that was cut off, or finds it done. */
export async function ensureAdapter(
  context: Context,
  parts: Parts,
  adapter: AdapterSpec,
  examples: TrainingExamples,
): Promise<TrainedAdapter> {
  const { key, folder, checkpoints } = adapter;
  const model = await parts.modelIdentity(adapter.model);
  const inputs = fingerprint(trainingInputs(adapter, model, examples));
  const { output: record, reused } = await reuseOrRun(
    context.project,
    `train-${key}`,
    inputs,
    () => parts.train({ adapter, examples }, inStage(context, stageIds.training(key))),
    () => isCompleteFolder(folder),
  );
  // A finished adapter needs them no more.
  await removePath(checkpoints);
  return { name: key, folder, record, reused, fingerprint: inputs };
}
