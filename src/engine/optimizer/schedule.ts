export const scheduleNames = ["cosine", "linear", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export interface Schedule {
  name: ScheduleName;
  /** Updates in the whole training. */
  steps: number;
  /** Fraction of `steps` in which the rate rises linearly from 0. */
  warmupRatio: number;
}

/**
 * The factor on the learning rate at an update, counted from 0, as transformers' schedulers have it: warm-up over
 * ceil(steps * warmupRatio) updates, but not over all there are, which would leave a single update at rate 0; then half
 * a cosine or a line down to 0, or no change.
 */
export function scheduleFactor({ name, steps, warmupRatio }: Schedule, step: number): number {
  const warmup = Math.min(Math.ceil(steps * warmupRatio), steps - 1);
  if (step < warmup) return step / Math.max(1, warmup);
  if (name === "constant") return 1;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return name === "linear" ? 1 - done : 0.5 * (1 + Math.cos(Math.PI * done));
}
