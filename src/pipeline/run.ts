import { retrieves, usesModel } from "../arms/index.ts";
import { LoragError, type ArmSpec } from "../contracts/index.ts";
import {
  adaptersOf,
  searchedIndex,
  type AdapterSpec,
  type TrainingExamples,
  type Variant,
} from "./adapter-spec.ts";
import type { Project } from "./config/read-project.ts";
import type { Context } from "./context.ts";
import { failureAsValue } from "./failure-as-value.ts";
import { indexOf, indexesOf, isIndexed } from "./index-spec.ts";
import type { Parts } from "./parts.ts";
import { checkDocuments } from "./steps/check-documents.ts";
import {
  ensureAdapter,
  findImported,
  type ReadyAdapter,
  type TrainedAdapter,
} from "./steps/ensure-adapter.ts";
import { prepare, type Prepared } from "./steps/prepare.ts";
import { buildTrainingExamples } from "./steps/training-examples.ts";
import { updateIndexes, updateOneIndex, type IndexOutcomes } from "./steps/update-indexes.ts";

/** One run of some arms: what its steps share. */
export interface Run {
  context: Context;
  parts: Parts;
  arms: ArmSpec[];
  /** Trainings of each tuned arm besides its own. */
  variants: Variant[];
  prepared: Prepared;
  /** Undefined where no arm needs documents and there are none. */
  indexed: IndexOutcomes | undefined;
}

/** What is wrong with a model of the user's is told before anything else. */
export async function checkModels(parts: Parts, project: Project, arms: ArmSpec[]): Promise<void> {
  for (const model of modelsOf(arms)) await parts.checkModel(model);
  if (!(await isIndexed(project, arms))) return;
  for (const spec of indexesOf(project, arms)) await parts.checkEmbeddingModel(spec);
}

/** Those that the arms ask, each once; undefined is the project's base model. */
export const modelsOf = (arms: ArmSpec[]): (string | undefined)[] => [
  ...new Set(arms.filter(usesModel).map(({ model }) => model)),
];

/** Indexes the documents, if any, and has them checked against what the examples name. */
export async function beginRun(
  context: Context,
  parts: Parts,
  arms: ArmSpec[],
  variants: Variant[],
  examples: Prepared,
): Promise<Run> {
  const { project, warn } = context;
  if (!(await isIndexed(project, arms))) {
    warn({
      code: "LORAG_NO_FOLDER",
      message: `There is no folder ${project.documents}. No arm needs it; the floor bm25-passage is left out.`,
    });
    return { context, parts, arms, variants, prepared: examples, indexed: undefined };
  }
  const indexed = await updateIndexes(context, parts);
  const { chunksOf } = indexed.indexes.get(indexOf(project).key)!;
  const prepared = checkDocuments(warn, examples, { chunksOf, report: indexed.report });
  return { context, parts, arms, variants, prepared, indexed };
}

/** What training some arms needs: their examples, and the index where passages are shown. */
export async function beginTraining(
  context: Context,
  parts: Parts,
  arms: ArmSpec[],
  variants: Variant[] = [],
): Promise<Run> {
  await checkModels(parts, context.project, arms);
  const prepared = await prepare(context, true);
  if (!arms.some(retrieves)) return { context, parts, arms, variants, prepared, indexed: undefined };
  for (const model of modelsOf(arms)) await parts.fetchModel(model);
  return beginRun(context, parts, arms, variants, prepared);
}

/** What training each adapter came to, by its key. */
export type Trained = Map<string, ReadyAdapter | LoragError>;

/** The index that an arm searches, up to date. */
export const indexFor = ({ context: { project }, indexed }: Run, arm: ArmSpec) =>
  indexed?.indexes.get(indexOf(project, arm).key);

/** Trained here, or found where it was imported. */
export function readyOne(run: Run, adapter: AdapterSpec): Promise<ReadyAdapter> {
  return adapter.imported ? findImported(adapter) : trainOne(run, adapter);
}

export async function trainOne(run: Run, adapter: AdapterSpec): Promise<TrainedAdapter> {
  const { context, parts, indexed } = run;
  const trained = await ensureAdapter(context, parts, adapter, await examplesOf(run, adapter));
  // By an embedding model that was tuned every passage has another vector.
  if (adapter.settings.method === "embedder" && indexed) {
    const index = searchedIndex(context.project, adapter.arm, adapter);
    await updateOneIndex(context, parts, index, indexed.documents);
  }
  return trained;
}

/** As an adapter is trained on them. */
export function examplesOf(run: Run, adapter: AdapterSpec): Promise<TrainingExamples> {
  const { context, parts, prepared } = run;
  return buildTrainingExamples(context, parts, adapter, prepared, indexFor(run, adapter.arm));
}

/** Trains every adapter that the arms answer with; one that fails fails its arms alone. */
export async function trainAll(run: Run): Promise<Trained> {
  const { context, arms, variants } = run;
  const trained: Trained = new Map();
  for (const adapter of adaptersOf(context.project, arms, variants)) {
    trained.set(adapter.key, await failureAsValue(context.signal, () => readyOne(run, adapter)));
  }
  return trained;
}
