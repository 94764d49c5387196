import { randomStream } from "../random/index.ts";
import type { TypedTensor } from "../engine/index.ts";
import {
  buildEvaluationGraph,
  buildTrainingGraph,
  type BatchShape,
  type CompiledWeights,
  type DecoderConfig,
  type ParameterLayout,
} from "../models/index.ts";
import { floats, integers, openGraphTrainable } from "./graph-trainable.ts";
import { loraMethod } from "./methods/lora.ts";
import type { Method } from "./methods/method.ts";
import type { PackedBatch } from "./objectives/pack.ts";
import type { TrainingSettings } from "./settings.ts";
import type { Trainable } from "./trainable.ts";

export interface DecoderTrainable extends Trainable<PackedBatch> {
  layout: ParameterLayout;
}

export interface DecoderTrainableOptions {
  /** Where the compiled weights lie. */
  folder: string;
  config: DecoderConfig;
  weights: CompiledWeights;
  shape: BatchShape;
  settings: TrainingSettings;
  threads: number;
  method: Method;
}

/** Trains a decoder to predict the next token. */
export async function openDecoderTrainable(
  folder: string,
  config: DecoderConfig,
  weights: CompiledWeights,
  shape: BatchShape,
  settings: TrainingSettings,
  threads: number,
  method = loraMethod(settings),
): Promise<DecoderTrainable> {
  const options = { config, weights, arithmetic: settings.arithmetic, shape, tuning: method.tuning };
  const training = buildTrainingGraph({ ...options, smoothing: settings.label_smoothing_factor });
  const { layout } = training;
  const trainable = openGraphTrainable<PackedBatch>({
    folder,
    threads,
    training,
    evaluation: () => buildEvaluationGraph(options),
    feeds: (batch, scale) => feedsOf(batch, shape, scale),
    rows: shape.batch * shape.length,
    dropout: method.dropout,
    initialParameters: method.initialize(layout, randomStream(settings.seed)),
    groups: method.groups(layout),
    blindLoss: Math.log(config.vocabularySize),
  });
  return { ...trainable, layout };
}

/** A packed batch as every graph on a decoder takes it. */
export function packedFeeds(batch: PackedBatch, shape: BatchShape): Record<string, TypedTensor> {
  const cells = [shape.batch, shape.length];
  return {
    ids: integers(batch.ids, cells),
    positions: integers(batch.positions, cells),
    ends: integers(batch.ends, cells),
    scored: integers(batch.scored, [shape.scored]),
    targets: integers(batch.targets, [shape.scored]),
  };
}

/** The same, with what each scored place counts. */
export function feedsOf(batch: PackedBatch, shape: BatchShape, scale: number): Record<string, TypedTensor> {
  const weights = new Float32Array(shape.scored).fill(scale, 0, batch.scored.length);
  return { ...packedFeeds(batch, shape), weights: floats(weights) };
}
