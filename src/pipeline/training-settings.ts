import { trainingDefaults, trainingShape, type Config, type TrainingKeys } from "../contracts/index.ts";
import type { TrainingSettings } from "../training/index.ts";

/** The keys that training depends on, with what one arm sets otherwise. */
export function trainingSettings(config: Config, changes: Partial<TrainingKeys>): TrainingSettings {
  const keys = Object.keys(trainingShape) as (keyof TrainingKeys)[];
  const own = { ...config, ...changes };
  const { lora_target_linear, lora_target_modules, ...settings } = Object.fromEntries(
    keys.map((key) => [key, own[key]]),
  ) as TrainingKeys;
  const defaults = trainingDefaults(settings);
  return {
    ...settings,
    learning_rate: settings.learning_rate ?? defaults.learning_rate,
    num_epochs: settings.num_epochs ?? defaults.num_epochs,
    head_learning_rate: settings.head_learning_rate ?? defaults.head_learning_rate,
    arithmetic: config.arithmetic,
    seed: config.seed,
    // Without either key, PEFT tunes these two of a llama.
    lora_target_modules: lora_target_modules ?? (lora_target_linear ? "all-linear" : ["q_proj", "v_proj"]),
  };
}
