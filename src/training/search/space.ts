import { randomStream } from "../../random/index.ts";

/** A trial's settings by the keys of lorag.yaml. */
export interface TrialSettings {
  learning_rate: number;
  lora_r: number;
  lora_alpha: number;
  lora_dropout: number;
  num_epochs: number;
}

/**
 * What is searched: the learning rate between these ends, evenly on a logarithmic scale; of the others one value each. Ranges
 * are those that LoRA's papers tried (https://arxiv.org/abs/2106.09685, https://arxiv.org/abs/2305.14314), alpha as a
 * multiple of the rank.
 */
export const searchSpace = {
  learning_rate: [5e-5, 5e-3],
  lora_r: [4, 8, 16, 32],
  alphaPerRank: [1, 2, 4],
  lora_dropout: [0, 0.05, 0.1],
  num_epochs: [1, 2, 3, 5],
} as const;

/** The settings of one trial: the same again for the same seed and number. */
export function drawTrial(seed: number, trial: number): TrialSettings {
  const random = randomStream(seed, trial);
  const oneOf = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const [low, high] = searchSpace.learning_rate;
  const rate = low * (high / low) ** random();
  const rank = oneOf(searchSpace.lora_r);
  return {
    learning_rate: Number(rate.toPrecision(2)),
    lora_r: rank,
    lora_alpha: rank * oneOf(searchSpace.alphaPerRank),
    lora_dropout: oneOf(searchSpace.lora_dropout),
    num_epochs: oneOf(searchSpace.num_epochs),
  };
}
