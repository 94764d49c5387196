import type { Config } from "../contracts/index.ts";

/** The keys of the configuration that training reads. */
export type TrainingSettings = Pick<
  Config,
  | "arithmetic"
  | "lora_r"
  | "lora_alpha"
  | "lora_dropout"
  | "peft_use_rslora"
  | "peft_layers_to_transform"
  | "loraplus_lr_ratio"
  | "learning_rate"
  | "lr_scheduler"
  | "warmup_ratio"
  | "num_epochs"
  | "max_steps"
  | "micro_batch_size"
  | "gradient_accumulation_steps"
  | "sequence_len"
  | "weight_decay"
  | "max_grad_norm"
  | "evals_per_epoch"
  | "early_stopping_patience"
  | "seed"
> & {
  /** Projections to tune, by PEFT's names. */
  lora_target_modules: readonly string[] | "all-linear";
};
