import type { TrainingForecast } from "../pipeline/index.ts";
import { counted, money } from "../text/index.ts";

const gigabyte = 2 ** 30;

/** What a training will take, in one line. */
export function forecastLine({ name, steps, seconds, peakBytes, cost, currency }: TrainingForecast): string {
  const time = seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} minutes`;
  const memory = `${(peakBytes / gigabyte).toFixed(1)} GB of memory`;
  return `${name}: ${counted(steps, "step")}, about ${time}, ${memory}, ${money(cost, currency)}`;
}
