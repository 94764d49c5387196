import { join } from "node:path";
import type { TunedArm } from "../../arms/index.ts";
import { loraTargets, type Config, type TrainingRecord } from "../../contracts/index.ts";
import { exists, listFolder, removePath } from "../../platform/index.ts";
import type { Parts } from "../assemble.ts";
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
  const inputs = fingerprint(project.config.base_model, settings, examples);
  const folder = join(project.output, "adapters", arm);
  const checkpoints = join(project.output, "checkpoints", `${arm}-${inputs.slice(0, 16)}`);
  const { output: record, reused } = await reuseOrRun(
    project,
    `train-${arm}`,
    inputs,
    () => parts.train(context, { arm, examples, settings, folder, checkpoints }),
    () => exists(join(folder, "adapter_model.safetensors")),
  );
  await removeCheckpoints(join(project.output, "checkpoints"), arm);
  return { arm, folder, record, reused, fingerprint: inputs };
}

/** The keys that training depends on. */
export function trainingSettings(config: Config) {
  const {
    arithmetic,
    lora_r,
    lora_alpha,
    lora_dropout,
    learning_rate,
    lr_scheduler,
    warmup_ratio,
    num_epochs,
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
    // Without either key, PEFT tunes these two of a llama.
    lora_target_modules:
      config.lora_target_modules ?? (config.lora_target_linear ? loraTargets : ["q_proj", "v_proj"]),
    learning_rate,
    lr_scheduler,
    warmup_ratio,
    num_epochs,
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

export type TrainingSettings = ReturnType<typeof trainingSettings>;

/** A finished adapter needs its checkpoints no more, nor those of other settings. */
async function removeCheckpoints(folder: string, arm: TunedArm): Promise<void> {
  if (!(await exists(folder))) return;
  const ofArm = new RegExp(`^${arm}-[0-9a-f]{16}$`);
  for (const name of await listFolder(folder)) {
    if (ofArm.test(name)) await removePath(join(folder, name));
  }
}
