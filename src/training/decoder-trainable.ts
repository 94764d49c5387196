import { randomStream } from "../random/index.ts";
import { openSession, type Session, type TypedTensor } from "../engine/index.ts";
import {
  buildEvaluationGraph,
  buildTrainingGraph,
  initializeAdapter,
  writeGraph,
  type AdapterLayout,
  type BatchShape,
  type CompiledWeights,
  type DecoderConfig,
  type LoraConfig,
  type LossGraph,
} from "../models/index.ts";
import type { PackedBatch } from "./pack.ts";
import type { TrainingSettings } from "./settings.ts";
import type { ParameterGroup, Trainable } from "./train-loop.ts";

export interface DecoderTrainable extends Trainable {
  layout: AdapterLayout;
  close(): Promise<void>;
}

/** Sessions that train a LoRA adapter on a frozen llama whose compiled weights lie in `folder`. Blocks its thread. */
export async function openDecoderTrainable(
  folder: string,
  config: DecoderConfig,
  weights: CompiledWeights,
  shape: BatchShape,
  settings: TrainingSettings,
  threads: number,
): Promise<DecoderTrainable> {
  const lora = loraConfig(settings);
  const options = { config, weights, arithmetic: settings.arithmetic, shape, lora };
  const training = buildTrainingGraph(options);
  // Opened when first used: a run without validation does without the memory of one, a measurement without the other's.
  let trainingSession: Promise<Session> | undefined;
  let evaluationSession: Promise<Session> | undefined;
  const train = (): Promise<Session> => (trainingSession ??= openGraph(folder, "train", training, threads));
  const evaluation = (): Promise<Session> =>
    (evaluationSession ??= openGraph(folder, "evaluate", buildEvaluationGraph(options), threads));

  const noise = new Float32Array(shape.batch * shape.length * training.dropoutWidth);
  const gradient = floats(new Float32Array(training.layout.size));
  return {
    layout: training.layout,
    initialParameters: initializeAdapter(training.layout, randomStream(settings.seed)),
    groups: parameterGroups(training.layout, settings.loraplus_lr_ratio),
    vocabularySize: config.vocabularySize,
    gradient: async (batch, parameters, { scale, dropout }) => {
      if (training.dropoutWidth > 0) drawDropout(noise, lora.dropout, dropout);
      const session = await train();
      const outputs = await session.run(
        {
          ...feedsOf(batch, shape, parameters, scale),
          ...(training.dropoutWidth > 0 && {
            dropout: floats(noise, [shape.batch * shape.length, training.dropoutWidth]),
          }),
        },
        { loss: null, gradient },
      );
      return { loss: outputs["loss"]!.data[0] as number, gradient: gradient.data };
    },
    loss: async (batch, parameters) => {
      const session = await evaluation();
      const { loss } = await session.run(feedsOf(batch, shape, parameters, 1), ["loss"]);
      return loss!.data[0] as number;
    },
    close: async () => {
      for (const session of [trainingSession, evaluationSession]) await (await session)?.close();
    },
  };
}

export function loraConfig(settings: TrainingSettings): LoraConfig {
  return {
    rank: settings.lora_r,
    alpha: settings.lora_alpha,
    dropout: settings.lora_dropout,
    rankStabilized: settings.peft_use_rslora,
    targets: settings.lora_target_modules,
    layers: settings.peft_layers_to_transform,
  };
}

/** LoRA+ (https://arxiv.org/abs/2402.12354): B learns faster than A. */
function parameterGroups({ size, tensors }: AdapterLayout, ratio: number | undefined): ParameterGroup[] {
  if (ratio === undefined) return [{ size, rate: 1 }];
  return tensors.map(({ kind, shape }) => ({ size: shape[0] * shape[1], rate: kind === "B" ? ratio : 1 }));
}

async function openGraph(folder: string, name: string, graph: LossGraph, threads: number): Promise<Session> {
  return openSession(await writeGraph(folder, name, graph.onnx), { threads });
}

export function feedsOf(
  batch: PackedBatch,
  shape: BatchShape,
  parameters: Float32Array | undefined,
  scale: number,
): Record<string, TypedTensor> {
  const cells = [shape.batch, shape.length];
  const weights = new Float32Array(shape.scored).fill(scale, 0, batch.scored.length);
  return {
    ids: integers(batch.ids, cells),
    positions: integers(batch.positions, cells),
    ends: integers(batch.ends, cells),
    scored: integers(batch.scored, [shape.scored]),
    targets: integers(batch.targets, [shape.scored]),
    weights: floats(weights),
    ...(parameters && { parameters: floats(parameters) }),
  };
}

/** Zeros follow where `values` do not fill the shape. */
function integers(values: Int32Array, shape: number[]): TypedTensor {
  const data = new BigInt64Array(shape.reduce((a, b) => a * b));
  for (const [index, value] of values.entries()) data[index] = BigInt(value);
  return { dtype: "int64", shape, data };
}

function floats(data: Float32Array, shape = [data.length]): TypedTensor & { data: Float32Array } {
  return { dtype: "float32", shape, data };
}

/** Inverted dropout: 0 with the given probability, else 1 / (1 - probability). */
function drawDropout(noise: Float32Array, probability: number, stream: number[]): void {
  const random = randomStream(...stream);
  const keep = 1 / (1 - probability);
  for (let i = 0; i < noise.length; i++) noise[i] = random() < probability ? 0 : keep;
}
