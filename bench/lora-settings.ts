import type { TrainingSettings } from "../src/training/index.ts";

/** LoRA r = 8 on all linear layers, one epoch, nothing that varies: what benches start from. */
export const loraSettings: TrainingSettings = {
  arithmetic: "int8",
  method: "lora",
  rl_beta: 0.1,
  problem_type: "single_label_classification",
  freeze_base: true,
  lora_r: 8,
  lora_alpha: 16,
  lora_dropout: 0,
  peft_use_rslora: false,
  lora_target_modules: "all-linear",
  learning_rate: 5e-4,
  lr_scheduler: "constant",
  warmup_ratio: 0,
  num_epochs: 1,
  micro_batch_size: 2,
  gradient_accumulation_steps: 1,
  sequence_len: 256,
  weight_decay: 0,
  label_smoothing_factor: 0,
  max_grad_norm: 1,
  evals_per_epoch: 1,
  early_stopping_patience: 0,
  seed: 42,
};
