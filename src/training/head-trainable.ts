import { openSession, type Session, type TypedTensor } from "../engine/index.ts";
import {
  buildHeadGraph,
  buildVectorsGraph,
  headTensors,
  initializeAdapter,
  lora,
  packTexts,
  writeGraph,
  type Backbone,
  type HeadShape,
  type HeadSource,
  type LoraConfig,
  type ParameterLayout,
  type TextPooling,
  type TextShape,
} from "../models/index.ts";
import { randomStream } from "../random/index.ts";
import { floats, integers, openGraphTrainable } from "./graph-trainable.ts";
import { parameterGroups } from "./methods/parameter-groups.ts";
import type { TextBatch } from "./objectives/text-batches.ts";
import type { TrainingSettings } from "./settings.ts";
import { sureAndWrong, type Trainable } from "./trainable.ts";

export interface HeadTrainableOptions {
  /** Where the compiled weights lie. */
  folder: string;
  threads: number;
  backbone: Backbone;
  shape: TextShape;
  head: HeadShape;
  /** Absent: the model under the head stays as it is. */
  tuning: LoraConfig | undefined;
  /** Token ids of every text, by its number. */
  texts: readonly Int32Array[];
  /** Of every text, as `labelTargets` has them. */
  targets: readonly (readonly number[])[];
  pooling: TextPooling;
  /** The head's first values, random by default. */
  start?: Float32Array | undefined;
  settings: Pick<
    TrainingSettings,
    "seed" | "learning_rate" | "loraplus_lr_ratio" | "head_learning_rate" | "label_smoothing_factor"
  >;
}

/** Trains a head, and what tunes the model under it; a frozen one makes each text's vector once. */
export function openHeadTrainable(
  options: HeadTrainableOptions,
): Trainable<TextBatch> & { layout: ParameterLayout } {
  const { folder, threads, backbone, shape, head, tuning, settings } = options;
  const source: HeadSource = tuning ? { backbone, shape, tuning: lora(tuning) } : { texts: shape.texts };
  const training = buildHeadGraph(source, head, {
    training: true,
    smoothing: settings.label_smoothing_factor,
  });
  const { layout } = training;
  const pack = (members: readonly number[]) =>
    packTexts(
      members.map((number) => options.texts[number]!),
      shape,
      options.pooling,
      backbone.inputs,
    );
  const vectors = createVectors(options, pack);
  const trainable = openGraphTrainable<TextBatch>({
    folder,
    threads,
    training,
    evaluation: () => buildHeadGraph(source, head, { training: false }),
    feeds: async ({ members }, scale) => ({
      ...(tuning ? pack(members) : { vectors: await vectors.of(members) }),
      targets: targetsOf(options, members),
      weights: floats(new Float32Array(shape.texts).fill(scale, 0, members.length)),
    }),
    ...(head.problem === "single_label_classification" && {
      measures: {
        outputs: ["scores"],
        of: ({ scores }, { members }) => ({
          right: members.filter(
            (number, place) =>
              largestPlace(scores!.data as Float32Array, place * head.outputs, head.outputs) ===
              options.targets[number]![0],
          ).length,
        }),
      },
    }),
    rows: shape.batch * shape.length,
    dropout: tuning?.dropout ?? 0,
    initialParameters: initializeHead(layout, options),
    groups: parameterGroups(layout, settings),
    blindLoss: blindLoss(options),
  });
  return {
    ...trainable,
    layout,
    close: async () => {
      await trainable.close();
      await vectors.close();
    },
  };
}

/** Of `count` values from `start` on, the place of the largest. */
function largestPlace(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}

/** The loss of saying the same of every text; of labels, that of being sure of a wrong one. */
function blindLoss({ head, targets }: HeadTrainableOptions): number {
  if (head.problem !== "regression") return Math.max(Math.log(head.outputs), sureAndWrong);
  const values = targets.map(([value]) => value!);
  return values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
}

/** As transformers begins: weights of a normal distribution with deviation 0.02, biases 0; adapters as PEFT. */
function initializeHead(
  layout: ParameterLayout,
  { head, settings, start }: HeadTrainableOptions,
): Float32Array<ArrayBuffer> {
  const random = randomStream(settings.seed);
  const values = initializeAdapter(layout, random);
  const { offset } = layout.tensors.find(({ name }) => name === headTensors(head)[0]!.name)!;
  if (start) {
    values.set(start, offset);
    return values;
  }
  for (let i = 0; i < head.outputs * head.inputs; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    values[offset + i] = 0.02 * radius * Math.cos(2 * Math.PI * random());
  }
  return values;
}

function targetsOf({ head, shape, targets }: HeadTrainableOptions, members: readonly number[]): TypedTensor {
  const values = members.flatMap((number) => targets[number]!);
  if (head.problem === "single_label_classification") return integers(Int32Array.from(values), [shape.texts]);
  const data = new Float32Array(shape.texts * head.outputs);
  data.set(values);
  return floats(data, [shape.texts, head.outputs]);
}

/** The vectors of texts, each made when it is first asked for. */
function createVectors(
  { folder, threads, backbone, shape, head }: HeadTrainableOptions,
  pack: (members: readonly number[]) => Record<string, TypedTensor>,
) {
  let session: Promise<Session> | undefined;
  const open = async (): Promise<Session> =>
    openSession(await writeGraph(folder, "vectors", buildVectorsGraph(backbone, shape).onnx), { threads });
  const made = new Map<number, Float32Array>();
  return {
    of: async (members: readonly number[]): Promise<TypedTensor> => {
      if (members.some((number) => !made.has(number))) {
        const { vectors } = await (await (session ??= open())).run(pack(members));
        for (const [place, number] of members.entries()) {
          const start = place * head.inputs;
          made.set(number, (vectors!.data as Float32Array).slice(start, start + head.inputs));
        }
      }
      const data = new Float32Array(shape.texts * head.inputs);
      for (const [place, number] of members.entries()) data.set(made.get(number)!, place * head.inputs);
      return floats(data, [shape.texts, head.inputs]);
    },
    close: async () => {
      await (await session)?.close();
    },
  };
}
