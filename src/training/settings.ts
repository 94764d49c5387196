import type { Config, TrainingKeys } from "../contracts/index.ts";

/** The keys of the configuration that training reads. */
export type TrainingSettings = Omit<
  TrainingKeys,
  "lora_target_linear" | "lora_target_modules" | "learning_rate" | "num_epochs"
> &
  Pick<Config, "arithmetic" | "seed"> & {
    learning_rate: number;
    num_epochs: number;
    /** Projections to tune, by PEFT's names. */
    lora_target_modules: readonly string[] | "all-linear";
  };
