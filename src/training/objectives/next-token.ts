import { join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import {
  compileDecoder,
  nameFile,
  parseDecoderConfig,
  type BatchShape,
  type OpenModel,
} from "../../models/index.ts";
import { cacheFolder } from "../../platform/index.ts";
import {
  openDecoderTrainable,
  type DecoderTrainable,
  type DecoderTrainableOptions,
} from "../decoder-trainable.ts";
import { decoderMethod } from "../methods/decoder-method.ts";
import { measureRetention } from "../retention.ts";
import type { TrainingJob } from "../training-job.ts";
import type { EncodedExample } from "./encode.ts";
import { encodeAnswers } from "./encode-answers.ts";
import type { Objective, OpenTask } from "./objective.ts";
import { packedBatches, type PackedBatch } from "./pack.ts";

/** A decoder learns to write the completions. */
export const nextToken: Objective<PackedBatch> = (model, job) => {
  const { encoding, train, validation, shape } = encodeAnswers(model, job);
  return {
    examples: {
      count: train.examples.length,
      tooLong: [...train.tooLong, ...validation.tooLong],
      longest: Math.max(train.longest, validation.longest),
      tokens: train.examples.reduce((sum, { ids }) => sum + ids.length - 1, 0),
    },
    train: packedBatches(train.examples, shape),
    validation: packedBatches(validation.examples, shape),
    // The shape follows from the rest, but another version of this program may choose another one, and with it other steps.
    identity: [shape, idsOf(train.examples), idsOf(validation.examples)],
    open: () =>
      nameFile(model.path, () => openDecoderRun(model, job, shape, encoding.tokenize, openNextToken)),
  };
};

const idsOf = (examples: EncodedExample[]): number[][] =>
  examples.map(({ ids, completionStart }) => [completionStart, ...ids]);

/** Compiles the weights, once for batches of any shape, and opens what `openTrainable` makes of them. */
export async function openDecoderRun(
  model: OpenModel,
  { model: resolved, settings: given, threads, folder: destination }: TrainingJob,
  shape: BatchShape,
  tokenize: (text: string) => ArrayLike<number>,
  openTrainable: (options: DecoderTrainableOptions) => DecoderTrainable | Promise<DecoderTrainable>,
): Promise<OpenTask<PackedBatch>> {
  // Weights that are trained are no int8.
  const settings = given.method === "full" ? { ...given, arithmetic: "f32" as const } : given;
  const config = parseDecoderConfig(model.config);
  if (settings.sequence_len > config.maxPositions)
    throw beyondContext(model, settings.sequence_len, config.maxPositions);
  const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
  const weights = await compileDecoder(folder, config, model.weights, settings.arithmetic);
  const method = decoderMethod(settings, model, resolved, config);
  const options = { folder, config, weights, settings, threads, method };
  const trainable = await openTrainable({ ...options, shape });
  const open = (other: BatchShape) => openNextToken({ ...options, shape: other });
  return {
    trainable,
    retention: async (parameters) => {
      const measured = await measureRetention(open, parameters, config.maxPositions, tokenize);
      model.weights.close();
      return measured;
    },
    save: (parameters) => method.save(destination, model, trainable.layout, parameters),
  };
}

const openNextToken = ({
  folder,
  config,
  weights,
  shape,
  settings,
  threads,
  method,
}: DecoderTrainableOptions) =>
  openDecoderTrainable(folder, config, weights, shape, settings, threads, method);

function beyondContext(model: OpenModel, length: number, most: number): LoragError {
  return new LoragError({
    code: "LORAG_SEQUENCE_LEN",
    kind: "config",
    message: `sequence_len ${length} is beyond the context of ${model.name}, ${most} tokens`,
    next: `Set sequence_len to ${most} or less.`,
  });
}
