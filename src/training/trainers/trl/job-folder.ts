import { join } from "node:path";
import { LoragError } from "../../../contracts/index.ts";
import {
  decoderModules,
  openModel,
  parseDecoderConfig,
  writeCheckpointFolder,
  type OpenModel,
  type ResolvedModel,
} from "../../../models/index.ts";
import { cacheFolder, isCompleteFolder, writeFolderAtomic } from "../../../platform/index.ts";
import { randomStream } from "../../../random/index.ts";
import { fingerprintRun } from "../../fingerprint-run.ts";
import { decoderMethod } from "../../methods/decoder-method.ts";
import type { EncodedExample } from "../../objectives/encode.ts";
import { encodeAnswers } from "../../objectives/encode-answers.ts";
import { planBatches } from "../../objectives/pack.ts";
import type { TrainingSettings } from "../../settings.ts";
import { planSteps } from "../../steps.ts";
import type { TrainerJob } from "../trainer.ts";

/** A job as files, which any machine can run that sees its folder. */
export interface JobFolder {
  folder: string;
  /** Examples that are trained on. */
  examples: number;
  steps: number;
}

const schedulers = { cosine: "cosine", linear: "linear", constant: "constant_with_warmup" } as const;

/**
 * Writes a job once: the tokens, the examples of every step and the adapter to begin with are those that the local engine
 * would take. `alone`: the model is copied into the folder, for machines that see nothing else of this one.
 * Throws LORAG_TRL_METHOD for what is no adapter learning answers, and what encoding examples throws.
 */
export async function writeJob(job: TrainerJob, resolved: ResolvedModel, alone: boolean): Promise<JobFolder> {
  const { settings } = job;
  refuseOthers(settings);
  const model = await openModel(resolved);
  try {
    const { train, validation, shape } = encodeAnswers(model, job);
    const steps = planSteps((stream) => planBatches(train.examples, shape, stream), settings);
    const inputs = [train.examples, validation.examples].map((examples) => examples.map(lineOf));
    const folder = join(
      job.checkpoints,
      `trl-${fingerprintRun(model.fingerprint, settings, [shape, inputs])}`,
    );
    const made = { folder, examples: train.examples.length, steps: steps.length };
    if (await isCompleteFolder(join(folder, "job"), { quick: true })) return made;
    if (alone)
      await writeFolderAtomic(join(folder, "model"), (write) =>
        writeCheckpointFolder(model, resolved, write),
      );
    await writeFirstAdapter(join(folder, "adapter"), model, resolved, settings);
    const path = alone ? "model" : await checkpointOf(model, resolved);
    await writeFolderAtomic(join(folder, "job"), async (write) => {
      const lines = (rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      await write("train.jsonl", lines(inputs[0]!));
      await write("validation.jsonl", lines(inputs[1]!));
      await write("steps.json", JSON.stringify(steps.map(({ batches }) => batches.flat(2))));
      const rows = Math.max(...steps.map(({ batches }) => batches[0]!.flat().length));
      const told = { ...settingsOf(settings, steps, validation.examples.length > 0), model: path, rows };
      await write("settings.json", `${JSON.stringify(told, null, 2)}\n`);
    });
    return made;
  } finally {
    model.weights.close();
  }
}

const lineOf = ({ ids, completionStart }: EncodedExample): { ids: number[]; start: number } => ({
  ids: [...ids],
  start: completionStart,
});

function settingsOf(
  settings: TrainingSettings,
  steps: { epoch: number; validate: boolean }[],
  validates: boolean,
): Record<string, unknown> {
  const { learning_rate, loraplus_lr_ratio, weight_decay, max_grad_norm, seed } = settings;
  const { label_smoothing_factor, early_stopping_patience, lr_scheduler, warmup_ratio } = settings;
  return {
    steps: steps.length,
    epochs: steps.map(({ epoch }) => epoch),
    validate: steps.flatMap(({ validate }, index) => (validate && validates ? [index + 1] : [])),
    validates,
    passes: settings.gradient_accumulation_steps,
    checkpoint_seconds: 60,
    scheduler: schedulers[lr_scheduler],
    warmup_steps: Math.min(Math.ceil(steps.length * warmup_ratio), steps.length - 1),
    learning_rate,
    weight_decay,
    max_grad_norm,
    label_smoothing_factor,
    early_stopping_patience,
    seed,
    loraplus_lr_ratio: loraplus_lr_ratio ?? null,
  };
}

/** A folder that transformers loads: the model's own, or one that is made of its GGUF, once. */
async function checkpointOf(model: OpenModel, resolved: ResolvedModel): Promise<string> {
  const has = (name: string): boolean => resolved.files.includes(name);
  const isCheckpoint = has("config.json") && has("tokenizer.json") && resolved.tuned === undefined;
  if (isCheckpoint && resolved.files.some((name) => name.endsWith(".safetensors"))) return resolved.folder;
  const folder = join(cacheFolder(), "checkpoints", model.fingerprint.slice(0, 16));
  if (!(await isCompleteFolder(folder, { quick: true })))
    await writeFolderAtomic(folder, (write) => writeCheckpointFolder(model, resolved, write));
  return folder;
}

/** As the local engine begins: A of random numbers, B of zeros. */
async function writeFirstAdapter(
  folder: string,
  model: OpenModel,
  resolved: ResolvedModel,
  settings: TrainingSettings,
): Promise<void> {
  const config = parseDecoderConfig(model.config);
  const method = decoderMethod(settings, model, resolved, config);
  const layout = method.tuning.layout({ modules: decoderModules(config), weights: [] });
  const values = method.initialize(layout, randomStream(settings.seed));
  await method.save(folder, model, layout, values);
}

function refuseOthers({ method, rl }: TrainingSettings): void {
  const what = rl ?? (method === "lora" || method === "dora" ? undefined : method);
  if (what === undefined) return;
  throw new LoragError({
    code: "LORAG_TRL_METHOD",
    kind: "config",
    message: `training.backend trl trains adapters (lora, dora) to answer, and this arm is trained by ${what}`,
    next: "Give the arm the method lora or dora, or set training.backend to local.",
  });
}
