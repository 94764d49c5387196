import {
  buildContrastGraph,
  initializeAdapter,
  lora,
  packTexts,
  type Backbone,
  type LoraConfig,
  type ParameterLayout,
  type TextPooling,
  type TextShape,
} from "../models/index.ts";
import { randomStream } from "../random/index.ts";
import { floats, openGraphTrainable } from "./graph-trainable.ts";
import { parameterGroups } from "./methods/parameter-groups.ts";
import type { EncodedText, TextBatch } from "./objectives/text-batches.ts";
import type { TrainingSettings } from "./settings.ts";
import { sureAndWrong, type Trainable } from "./trainable.ts";

/** A question with the passage that answers it and one that does not. */
export interface Triplet {
  question: EncodedText;
  passage: EncodedText;
  /** Of no tokens where none is known. */
  negative: EncodedText;
}

export interface ContrastOptions {
  /** Where the compiled weights lie. */
  folder: string;
  threads: number;
  backbone: Backbone;
  /** Of the texts of all triplets of a batch. */
  shape: TextShape;
  tuning: LoraConfig;
  triplets: readonly Triplet[];
  pooling: TextPooling;
  settings: Pick<TrainingSettings, "seed" | "learning_rate" | "loraplus_lr_ratio" | "head_learning_rate">;
}

const nothing: EncodedText = { id: "", ids: new Int32Array(0) };
/** Far below any score. */
const masked = -1e9;

/** The texts of a batch's triplets in `count` places each: the questions, their passages, and those that do not answer. */
export function tripletTexts(triplets: readonly Triplet[], count: number): EncodedText[] {
  return (["question", "passage", "negative"] as const).flatMap((part) =>
    Array.from(
      { length: Math.max(count, triplets.length) },
      (_, place) => triplets[place]?.[part] ?? nothing,
    ),
  );
}

/** Tunes an encoder so that a question's vector is nearest that of its passage. */
export function openContrastTrainable(
  options: ContrastOptions,
): Trainable<TextBatch> & { layout: ParameterLayout } {
  const { backbone, shape, triplets, pooling, settings } = options;
  const pairs = shape.texts / 3;
  const tuning = lora(options.tuning);
  const build = (training: boolean) =>
    buildContrastGraph(backbone, { batch: shape.batch, length: shape.length, pairs }, tuning, training);
  const training = build(true);
  const { layout } = training;
  const trainable = openGraphTrainable<TextBatch>({
    folder: options.folder,
    threads: options.threads,
    training,
    evaluation: () => build(false),
    feeds: ({ members }, scale) => {
      const own = members.map((member) => triplets[member]!);
      const texts = tripletTexts(own, pairs).map(({ ids }) => ids);
      return {
        ...packTexts(texts, shape, pooling, backbone.inputs),
        mask: floats(maskOf(own, pairs), [pairs, 2 * pairs]),
        weights: floats(new Float32Array(pairs).fill(scale, 0, members.length)),
      };
    },
    rows: shape.batch * shape.length,
    dropout: options.tuning.dropout,
    initialParameters: initializeAdapter(layout, randomStream(settings.seed)),
    groups: parameterGroups(layout, settings),
    blindLoss: Math.max(Math.log(2 * pairs), sureAndWrong),
  });
  return { ...trainable, layout };
}

/** Passages that are none, and those of other triplets that are the question's own, or answer the same question there. */
function maskOf(triplets: readonly Triplet[], pairs: number): Float32Array<ArrayBuffer> {
  const key = ({ ids }: EncodedText): string => ids.join();
  const passages = [
    ...Array.from({ length: pairs }, (_, place) => triplets[place]?.passage ?? nothing),
    ...Array.from({ length: pairs }, (_, place) => triplets[place]?.negative ?? nothing),
  ].map(key);
  const questions = triplets.map(({ question }) => key(question));
  const mask = new Float32Array(pairs * 2 * pairs);
  for (let question = 0; question < pairs; question++) {
    for (const [place, passage] of passages.entries()) {
      const answers =
        passage === passages[question] || (place < pairs && questions[place] === questions[question]);
      if ((passage === "" || answers) && place !== question) mask[question * 2 * pairs + place] = masked;
    }
  }
  return mask;
}
