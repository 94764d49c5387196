import { basename, join, resolve } from "node:path";
import { retrieves } from "../arms/index.ts";
import type { ArmSpec, ContextName, Example } from "../contracts/index.ts";
import { seededRandom, shuffle } from "../random/index.ts";
import type { TrainingSettings } from "../training/index.ts";
import type { Project } from "./config/read-project.ts";
import { indexOf, retrievalOf, type IndexSpec } from "./index-spec.ts";
import { fingerprint } from "./steps/record.ts";
import { styleOf } from "./style.ts";
import { trainingSettings } from "./training-settings.ts";

/** An adapter, by what it is trained on and how: arms that differ in neither share it. */
export interface AdapterSpec {
  /** Its name in folders and records. */
  key: string;
  /** One arm that answers with it: its prompts are what the examples are rendered as. */
  arm: ArmSpec;
  /** What is trained, as an arm names it: the arm's model, or that which embeds its passages. */
  model: string | undefined;
  settings: TrainingSettings;
  /** The name that the passages of its examples are kept under. */
  examples: string;
  /** On how many of the examples: one of so many parts. Absent: on all. */
  partOf?: number;
  folder: string;
  /** Where a run that was cut off is taken up again. */
  checkpoints: string;
  /** Trained elsewhere: `folder` holds it, and nothing here writes there. */
  imported?: true;
}

/** Examples as an adapter is trained on them, their prompts rendered as at answer time. */
export interface TrainingExamples {
  train: Example[];
  validation: Example[];
}

/** What the key begins with, by what the examples show. */
const prefixes: Record<ContextName, string> = {
  none: "tuned",
  passages: "tuned-rag",
  graph: "tuned-graph-rag",
};

/** A training of an arm besides its own: with another seed, or on a part of the examples. */
export interface Variant {
  seed?: number | undefined;
  /** Trained on one of so many equal parts, each within the larger ones. */
  partOf?: number;
}

/** The trainings that a comparison asks for besides the arm's own. */
export function variantsOf({ config }: Project, { curve }: { curve: boolean }): Variant[] {
  const seeds = Array.from({ length: config.training_seeds - 1 }, (_, index) => config.seed + index + 1);
  return [...seeds.map((seed) => ({ seed })), ...(curve ? [2, 4, 8].map((partOf) => ({ partOf })) : [])];
}

/** What tells a variant from the arm's own training, in names. */
const suffixOf = ({ seed, partOf }: Variant): string =>
  (seed === undefined ? "" : `@seed${seed}`) + (partOf === undefined ? "" : `@1of${partOf}`);

/** The name that an arm's answers are kept under. */
export const answersName = (arm: ArmSpec, variant: Variant = {}): string => arm.name + suffixOf(variant);

/** The same for people. */
export const variantLabel = (arm: ArmSpec, { seed, partOf }: Variant = {}): string =>
  arm.name +
  (seed === undefined ? "" : ` (seed ${seed})`) +
  (partOf === undefined ? "" : ` (1/${partOf} of the examples)`);

/** The adapter that an arm answers with; undefined for one that is not tuned. */
export function adapterOf(project: Project, arm: ArmSpec, variant: Variant = {}): AdapterSpec | undefined {
  if (arm.adapter !== undefined) return importedAdapter(project, arm, variant);
  if (!arm.tuning) return undefined;
  const settings = trainingSettings(project.config, arm.tuning);
  const findsBetter = settings.method === "embedder";
  const plain: ArmSpec = {
    name: arm.name,
    context: arm.context,
    answerer: arm.answerer,
    ...(arm.answerer === "classify" && { model: project.config.embedding_model }),
    tuning: arm.answerer === "classify" ? { method: "head" } : {},
  };
  const own = fingerprint(trainingInputs(project, arm));
  const isPlain = own === fingerprint(trainingInputs(project, plain));
  const prefix = findsBetter ? "embedder" : arm.answerer === "classify" ? "head" : prefixes[arm.context];
  const name = prefix + (isPlain ? "" : `-${own.slice(0, 8)}`);
  const key = name + suffixOf(variant);
  return {
    key,
    arm,
    model: findsBetter ? indexOf(project, arm).embeddingModel : arm.model,
    // What the examples show does not hang on the seed of the training.
    examples: name + suffixOf({ ...variant, seed: undefined }),
    ...(variant.partOf !== undefined && { partOf: variant.partOf }),
    settings: variant.seed === undefined ? settings : { ...settings, seed: variant.seed },
    folder: join(project.output, "adapters", key),
    checkpoints: join(project.output, "checkpoints", key),
  };
}

/** The index that an arm searches: where its embedding model is tuned, one of the same passages by that model. */
export function searchedIndex(
  project: Project,
  arm: ArmSpec,
  adapter: AdapterSpec | undefined = adapterOf(project, arm),
): IndexSpec {
  const index = indexOf(project, arm);
  if (adapter?.settings.method !== "embedder") return index;
  const { key, folder: tuned } = adapter;
  return { ...index, key, tuned, folder: join(project.output, `index-${key}`) };
}

/** One that was trained elsewhere has no variants. */
function importedAdapter(project: Project, arm: ArmSpec, variant: Variant): AdapterSpec | undefined {
  if (variant.seed !== undefined || variant.partOf !== undefined) return undefined;
  const folder = resolve(project.folder, arm.adapter!);
  const key = `imported-${basename(folder)}-${fingerprint(folder).slice(0, 8)}`;
  return {
    key,
    arm,
    model: arm.model,
    settings: trainingSettings(project.config, {}),
    examples: key,
    folder,
    checkpoints: join(project.output, "checkpoints", key),
    imported: true,
  };
}

/** Each once, in the order of the arms, an arm's own before its variants. */
export function adaptersOf(project: Project, arms: ArmSpec[], variants: Variant[] = []): AdapterSpec[] {
  const specs = arms.flatMap((arm) =>
    [{}, ...variants].flatMap((variant) => adapterOf(project, arm, variant) ?? []),
  );
  return [...new Map(specs.toReversed().map((spec) => [spec.key, spec])).values()].toReversed();
}

/** The training examples of an adapter: all, or one part of a shuffle that every part begins with. */
export function examplesFor<Item>({ partOf }: AdapterSpec, train: Item[], seed: number): Item[] {
  if (partOf === undefined) return train;
  const kept = new Set(
    shuffle([...train.keys()], seededRandom(seed)).slice(0, Math.ceil(train.length / partOf)),
  );
  return train.filter((_, index) => kept.has(index));
}

/** What distinguishes one arm's training from another's in the same project. */
function trainingInputs(project: Project, arm: ArmSpec): unknown[] {
  // How many passages an answer is shown is no matter of training.
  const { top_k: _, ...found } = retrievalOf(project, arm);
  const settings = trainingSettings(project.config, arm.tuning ?? {});
  if (settings.method === "embedder") return [settings, found, indexOf(project, arm).key];
  return [arm.model, settings, styleOf(project, arm), retrieves(arm) && [found, indexOf(project, arm).key]];
}
