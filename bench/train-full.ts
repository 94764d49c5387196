import { describeMachine, interleave, round, type BenchResult } from "./result.ts";
import type { SideResult } from "./train-side.ts";
import { makeJob, ours, peft } from "./train.ts";

const rounds = 2;

/** Seconds of a step of full fine-tuning (16 x 64 tokens) and peak memory, against transformers on torch CPU. */
export async function run(): Promise<BenchResult> {
  const made = await makeJob();
  const job = { ...made, settings: { ...made.settings, method: "full" as const, learning_rate: 5e-5 } };
  const results: Record<string, SideResult> = {};
  const side = (name: string, start: () => Promise<SideResult>) => async (): Promise<number> => {
    const result = await start();
    results[name] = result;
    return Math.min(...result.seconds);
  };
  const best = await interleave(
    rounds,
    {
      f32: side("f32", () => ours(job)),
      "transformers-f32": side("transformers-f32", () => peft(job, "float32")),
    },
    "lower",
  );
  const [mine, theirs] = [results["f32"]!, results["transformers-f32"]!];
  // The two compute the same thing, or the timings mean nothing.
  const gaps = mine.losses.map((loss, step) => Math.abs(loss - theirs.losses[step]!));
  if (gaps[0]! > 1e-3) throw new Error(`the first losses differ: ${mine.losses[0]} and ${theirs.losses[0]}`);
  const gibibytes = (bytes: number): string => `${round(bytes / 2 ** 30)} GiB`;
  return {
    bench: "train-full",
    machine: describeMachine(),
    rows: [
      {
        name: "f32/transformers-f32",
        value: round(best["transformers-f32"] / best.f32),
        unit: "speed-up of a step",
        ours: `${round(best.f32)} s`,
        peer: `${round(best["transformers-f32"])} s`,
      },
      {
        name: "rss/transformers-f32",
        value: round(mine.rss / theirs.rss),
        unit: "peak memory, lower is better",
        ours: gibibytes(mine.rss),
        peer: gibibytes(theirs.rss),
      },
    ],
  };
}
