import { join } from "node:path";
import type { TunedArm } from "../../arms/index.ts";
import type { Config, TrainingRecord } from "../../contracts/index.ts";
import { isCompleteFolder, removePath } from "../../platform/index.ts";
import type { TrainingSettings } from "../../training/index.ts";
import type { Parts } from "../parts.ts";
import type { Context } from "../context.ts";
import { fingerprint, reuseOrRun } from "./record.ts";
import type { TrainingExamples } from "./training-examples.ts";

export interface TrainedAdapter {
  arm: TunedArm;
  /** A PEFT adapter. */
  folder: string;
  record: TrainingRecord;
  /** Unchanged since an earlier run. */
  reused: boolean;
  /** Of everything that the adapter depends on. */
  fingerprint: string;
}

/** Trains an arm's adapter, or goes on with a run that was cut off, or finds it done. */
export async function trainAdapter(
  context: Context,
  parts: Parts,
  arm: TunedArm,
  examples: TrainingExamples,
): Promise<TrainedAdapter> {
  const { project } = context;
  const settings = trainingSettings(project.config);
  const inputs = fingerprint(await parts.baseModelIdentity(), settings, examples);
  const folder = join(project.output, "adapters", arm);
  const checkpoints = join(project.output, "checkpoints", arm);
  const { output: record, reused } = await reuseOrRun(
    project,
    `train-${arm}`,
    inputs,
    () => parts.train({ arm, examples, settings, folder, checkpoints }, context),
    () => isCompleteFolder(folder),
  );
  // A finished adapter needs them no more.
  await removePath(checkpoints);
  return { arm, folder, record, reused, fingerprint: inputs };
}

/** The keys that training depends on. */
export function trainingSettings(config: Config): TrainingSettings {
  const {
    arithmetic,
    lora_r,
    lora_alpha,
    lora_dropout,
    peft_use_rslora,
    peft_layers_to_transform,
    loraplus_lr_ratio,
    learning_rate,
    lr_scheduler,
    warmup_ratio,
    num_epochs,
    max_steps,
    micro_batch_size,
    gradient_accumulation_steps,
    sequence_len,
    weight_decay,
    max_grad_norm,
    evals_per_epoch,
    early_stopping_patience,
    seed,
  } = config;
  return {
    arithmetic,
    lora_r,
    lora_alpha,
    lora_dropout,
    peft_use_rslora,
    peft_layers_to_transform,
    loraplus_lr_ratio,
    // Without either key, PEFT tunes these two of a llama.
    lora_target_modules:
      config.lora_target_modules ?? (config.lora_target_linear ? "all-linear" : ["q_proj", "v_proj"]),
    learning_rate,
    lr_scheduler,
    warmup_ratio,
    num_epochs,
    max_steps,
    micro_batch_size,
    gradient_accumulation_steps,
    sequence_len,
    weight_decay,
    max_grad_norm,
    evals_per_epoch,
    early_stopping_patience,
    seed,
  };
}
