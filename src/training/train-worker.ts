import { join } from "node:path";
import { LoragError, type Example, type TrainingRecord } from "../contracts/index.ts";
import {
  adapterTensors,
  compileDecoder,
  nameFile,
  openModel,
  parseDecoderConfig,
  writeAdapter,
  type AdapterLayout,
  type BatchShape,
  type DecoderConfig,
  type OpenModel,
  type ResolvedModel,
} from "../models/index.ts";
import {
  cacheFolder,
  exists,
  listFolder,
  serveWorker,
  writeFileAtomic,
  type Emit,
} from "../platform/index.ts";
import { fingerprintRun } from "./fingerprint-run.ts";
import { shapeFor } from "./batch-shape.ts";
import { hasCheckpoints, loadCheckpoint, saveCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { encodeExamples } from "./encode.ts";
import { openDecoderTrainable, type DecoderTrainable } from "./decoder-trainable.ts";
import { openMetrics } from "./metrics-file.ts";
import { encodeOptions } from "./model-encoding.ts";
import { measureRetention } from "./retention.ts";
import type { TrainingSettings } from "./settings.ts";
import { planSteps } from "./steps.ts";
import { bestAdapter, trainLoop, type StepReport } from "./train-loop.ts";

/** A training run, as plain values. */
export interface TrainingJob {
  model: ResolvedModel;
  train: Example[];
  validation: Example[];
  settings: TrainingSettings;
  /** Where the PEFT adapter goes, whole or not at all; the record goes beside it, as `training.json`. */
  folder: string;
  /** Where a run that was cut off is taken up again, and its metrics.jsonl. */
  checkpoints: string;
  /** Longest time between two checkpoints. */
  checkpointSeconds: number;
  threads: number;
}

/** What lies ahead, told before the first step. */
export interface TrainingPlan {
  examples: number;
  /** Ids of the examples left out because they are longer than sequence_len. */
  tooLong: string[];
  /** Tokens of the longest example, of those too. */
  longest: number;
  /** Optimizer steps in all, and those that an earlier run has done. */
  steps: number;
  done: number;
  /** Input tokens in an epoch. */
  tokens: number;
  /** Checkpoints that were not used, and why. */
  ignored: string[];
}

export type TrainingEvent = { plan: TrainingPlan } | { step: StepReport };

let stopped = false;

const methods = {
  /** Undefined when it was stopped: the checkpoints hold all that was done. */
  train: async (emit: Emit<TrainingEvent>, job: TrainingJob): Promise<TrainingRecord | undefined> => {
    const { settings } = job;
    const model = await openModel(job.model);
    const encoding = encodeOptions(model);
    const train = encodeExamples(job.train, encoding, settings.sequence_len);
    const validation = encodeExamples(job.validation, encoding, settings.sequence_len, "validation");
    const examples = { train: train.examples, validation: validation.examples };
    const shape = shapeFor(
      [...examples.train, ...examples.validation],
      settings.micro_batch_size,
      settings.sequence_len,
    );
    const fingerprint = fingerprintRun(model.fingerprint, settings, shape, examples);
    const checkpoints = join(job.checkpoints, fingerprint);
    const { checkpoint, damaged } = await loadCheckpoint(checkpoints);
    const others = (await runsIn(job.checkpoints)).filter((name) => name !== fingerprint);
    emit({
      plan: {
        examples: examples.train.length,
        tooLong: [...train.tooLong, ...validation.tooLong],
        longest: Math.max(train.longest, validation.longest),
        steps: planSteps(examples.train, shape, settings).length,
        done: checkpoint?.step ?? 0,
        tokens: examples.train.reduce((sum, { ids }) => sum + ids.length - 1, 0),
        ignored: [
          ...damaged.map((name) => `${join(checkpoints, name)} is damaged`),
          ...others.map((name) => `${join(job.checkpoints, name)} is of other settings, examples or model`),
        ],
      },
    });

    const { config, open } = await nameFile(model.path, () => prepareWeights(model, job));
    const trainable = await open(shape);
    const appendMetrics = await openMetrics(join(checkpoints, "metrics.jsonl"), checkpoint?.step ?? 0);
    const { state, finished } = await trainLoop({
      model: trainable,
      ...examples,
      shape,
      settings,
      checkpointSeconds: job.checkpointSeconds,
      resume: checkpoint,
      save: (state) => saveCheckpoint(checkpoints, state),
      onStep: async (step) => {
        emit({ step });
        await appendMetrics(step);
      },
      isStopped: async () => {
        // The runtime blocks this process: only here can a call to `stop` come in, or the news that the program was
        // killed, which ends this process before it writes where the next run may be at work.
        await new Promise((resolve) => setImmediate(resolve));
        return stopped;
      },
    });
    if (!finished) return undefined;
    const adapter = bestAdapter(state);
    await trainable.close();
    const retention = await measureRetention(open, adapter, config.maxPositions, encoding.tokenize);
    const record = recordOf(job, state, examples.train.length, retention);
    await saveAdapter(job, model, trainable.layout, adapter);
    await writeFileAtomic(join(job.folder, "training.json"), `${JSON.stringify(record, null, 2)}\n`);
    return record;
  },
  stop: (): void => {
    stopped = true;
  },
};
export type TrainMethods = typeof methods;
serveWorker<TrainingEvent>(methods);

/** Compiles the weights, once for batches of any shape. */
async function prepareWeights(
  model: OpenModel,
  { settings, threads }: TrainingJob,
): Promise<{ config: DecoderConfig; open: (shape: BatchShape) => Promise<DecoderTrainable> }> {
  const config = parseDecoderConfig(model.config);
  if (settings.sequence_len > config.maxPositions) throw beyondContext(model, settings, config.maxPositions);
  const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
  const weights = await compileDecoder(folder, config, model.weights, settings.arithmetic);
  model.weights.close();
  return {
    config,
    open: (shape) => openDecoderTrainable(folder, config, weights, shape, settings, threads),
  };
}

async function saveAdapter(
  { folder, settings }: TrainingJob,
  model: OpenModel,
  layout: AdapterLayout,
  values: Float32Array<ArrayBuffer>,
): Promise<void> {
  const tensors = [...adapterTensors(layout, values)].map(
    ([name, { shape, values: data }]) => [name, { shape, data }] as const,
  );
  await writeAdapter(folder, {
    baseModel: model.name,
    rank: settings.lora_r,
    alpha: settings.lora_alpha,
    rankStabilized: settings.peft_use_rslora,
    dropout: settings.lora_dropout,
    targets: { modules: settings.lora_target_modules, layers: settings.peft_layers_to_transform },
    tensors: new Map(tensors),
  });
}

/** Names of the folders with checkpoints; a run that was cut off before its first one leaves a curve alone. */
async function runsIn(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const runs = (await listFolder(folder)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const used = await Promise.all(runs.map((name) => hasCheckpoints(join(folder, name))));
  return runs.filter((_, index) => used[index]);
}

function recordOf(
  job: TrainingJob,
  state: Checkpoint,
  examples: number,
  retention: TrainingRecord["retention"],
): TrainingRecord {
  return {
    adapter: job.folder,
    examples,
    steps: state.step,
    bestStep: state.best?.step ?? null,
    seconds: state.seconds,
    device: "cpu",
    losses: state.curve,
    retention,
  };
}

function beyondContext(model: OpenModel, settings: TrainingSettings, most: number): LoragError {
  return new LoragError({
    code: "LORAG_SEQUENCE_LEN",
    kind: "config",
    message: `sequence_len ${settings.sequence_len} is beyond the context of ${model.name}, ${most} tokens`,
    next: `Set sequence_len to ${most} or less.`,
  });
}
