import { randomStream } from "../random/index.ts";
import { openSession, type Session, type TypedTensor } from "../engine/index.ts";
import { writeGraph, type LossGraph } from "../models/index.ts";
import type { Batch } from "./batches.ts";
import type { Evaluation, Trainable } from "./trainable.ts";

export interface GraphTrainableOptions<Kind extends Batch> extends Pick<
  Trainable,
  "initialParameters" | "groups" | "blindLoss"
> {
  /** Where the compiled weights lie. */
  folder: string;
  threads: number;
  training: LossGraph;
  evaluation: () => LossGraph;
  /** What the graphs are fed besides parameters and dropout; every loss is multiplied by `scale`. */
  feeds: (batch: Kind, scale: number) => Record<string, TypedTensor> | Promise<Record<string, TypedTensor>>;
  /** What outputs of the evaluation graph say besides the loss. */
  measures?: {
    outputs: readonly string[];
    of: (outputs: Record<string, TypedTensor>, batch: Kind) => Omit<Evaluation, "loss">;
  };
  /** Of the flattened batch. */
  rows: number;
  /** Probability of dropout. */
  dropout: number;
}

/** Sessions that train what graphs give the loss and the gradient of. They block their thread. */
export function openGraphTrainable<Kind extends Batch>(
  options: GraphTrainableOptions<Kind>,
): Trainable<Kind> {
  const { folder, threads, training, feeds, rows, measures } = options;
  // Opened when first used: a run without validation does without the memory of one, a measurement without the other's.
  let trainingSession: Promise<Session> | undefined;
  let evaluationSession: Promise<Session> | undefined;
  const open = async (name: string, graph: LossGraph): Promise<Session> =>
    openSession(await writeGraph(folder, name, graph.onnx), { threads });
  const train = () => (trainingSession ??= open("train", training));
  const evaluation = () => (evaluationSession ??= open("evaluate", options.evaluation()));

  const noise = new Float32Array(rows * training.dropoutWidth);
  const gradient = floats(new Float32Array(training.layout.size));
  return {
    initialParameters: options.initialParameters,
    groups: options.groups,
    blindLoss: options.blindLoss,
    gradient: async (batch, parameters, { scale, dropout }) => {
      if (training.dropoutWidth > 0) drawDropout(noise, options.dropout, dropout);
      const session = await train();
      const outputs = await session.run(
        {
          ...(await feeds(batch, scale)),
          parameters: floats(parameters),
          ...(training.dropoutWidth > 0 && { dropout: floats(noise, [rows, training.dropoutWidth]) }),
        },
        { loss: null, gradient },
      );
      return { loss: outputs["loss"]!.data[0] as number, gradient: gradient.data };
    },
    evaluate: async (batch, parameters) => {
      const session = await evaluation();
      const outputs = await session.run({ ...(await feeds(batch, 1)), parameters: floats(parameters) }, [
        "loss",
        ...(measures?.outputs ?? []),
      ]);
      return { loss: outputs["loss"]!.data[0] as number, ...measures?.of(outputs, batch) };
    },
    close: async () => {
      for (const session of [trainingSession, evaluationSession]) await (await session)?.close();
    },
  };
}

/** Zeros follow where `values` do not fill the shape. */
export function integers(values: Int32Array, shape: number[]): TypedTensor {
  const data = new BigInt64Array(shape.reduce((a, b) => a * b));
  for (const [index, value] of values.entries()) data[index] = BigInt(value);
  return { dtype: "int64", shape, data };
}

export function floats(data: Float32Array, shape = [data.length]): TypedTensor & { data: Float32Array } {
  return { dtype: "float32", shape, data };
}

/** Inverted dropout: 0 with the given probability, else 1 / (1 - probability). */
function drawDropout(noise: Float32Array, probability: number, stream: number[]): void {
  const random = randomStream(...stream);
  const keep = 1 / (1 - probability);
  for (let i = 0; i < noise.length; i++) noise[i] = random() < probability ? 0 : keep;
}
