import { describeMachine, round, type BenchResult } from "./result.ts";
import { splitBanking77, tuneBanking77, type Tuned } from "./tune-banking77.ts";

const seeds = [42, 43, 44];

/**
 * What int8 costs in quality: one epoch on 2,000 examples of Banking77 in int8 and in f32, the mean over seeds. Of one
 * seed the difference says little: two seeds of the same arithmetic lie two points apart. Takes an hour.
 */
export async function run(): Promise<BenchResult> {
  const split = await splitBanking77(2000, 1500);
  const tuned: Record<"int8" | "f32", Tuned[]> = { int8: [], f32: [] };
  for (const seed of seeds) {
    for (const arithmetic of ["int8", "f32"] as const) {
      const one = await tuneBanking77(split, arithmetic, seed);
      console.error(
        `${arithmetic}, seed ${seed}: loss ${round(one.loss)}, exact match ${round(one.accuracy)}`,
      );
      tuned[arithmetic].push(one);
    }
  }
  const [int8, f32] = [meansOf(tuned.int8), meansOf(tuned.f32)];
  const each = (arithmetic: "int8" | "f32", key: keyof Tuned): string =>
    `${round(mean(tuned[arithmetic].map((one) => one[key])))} (${tuned[arithmetic].map((one) => round(one[key])).join(", ")})`;
  return {
    bench: "arithmetic",
    machine: describeMachine(),
    rows: [
      {
        name: "int8-loss/f32-loss",
        value: round(int8.loss / f32.loss),
        unit: `validation loss after one epoch of ${split.train.length}, mean of ${seeds.length} seeds, lower is better`,
        ours: each("int8", "loss"),
        peer: each("f32", "loss"),
      },
      {
        name: "int8-f32-accuracy-points",
        value: round(100 * Math.abs(int8.accuracy - f32.accuracy)),
        unit: `points of exact match on ${split.heldOut.length} questions between the two means, lower is better`,
        ours: each("int8", "accuracy"),
        peer: each("f32", "accuracy"),
      },
    ],
  };
}

function meansOf(runs: Tuned[]): Tuned {
  return { loss: mean(runs.map(({ loss }) => loss)), accuracy: mean(runs.map(({ accuracy }) => accuracy)) };
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
