import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveModel } from "../src/models/index.ts";
import { bestTrial, drawTrial, nextJob, trainPart } from "../src/training/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../src/training/tiny-llama.case.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const rungs = [1 / 9, 1 / 3, 1];
const whole = 8;
const seed = 3;

/**
 * A search over settings of a tiny model with random weights that learns letters' colours: so many whole trainings of random
 * settings, and what successive halving finds on as many optimizer steps. The settings of both are drawn in one order.
 */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-tune-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  try {
    await writeTinyLlama(join(folder, "model"));
    const model = await resolveModel(join(folder, "model"));
    const train = async (by: string, trial: number, share: number) =>
      trainPart(
        {
          model,
          train: colourExamples(64, 1),
          validation: colourExamples(16, 2),
          settings: { ...tinySettings, ...drawTrial(seed, trial) },
          folder: join(folder, by, String(trial), "adapter"),
          checkpoints: join(folder, by, String(trial), "checkpoints"),
        },
        share,
      );
    const random: { loss: number; steps: number }[] = [];
    for (let trial = 0; trial < whole; trial++) {
      const { loss, step } = await train("random", trial, 1);
      random.push({ loss, steps: step });
    }
    const budget = random.reduce((sum, { steps }) => sum + steps, 0);
    const target = Math.min(...random.map(({ loss }) => loss));

    const trials: { id: number; losses: number[]; steps: number }[] = [];
    const spent = (): number => trials.reduce((sum, { steps }) => sum + steps, 0);
    let reached: number | undefined;
    while (spent() < budget) {
      const job = nextJob(trials, { rungs: rungs.length, factor: 3, trials: 1000 });
      if (!job) break;
      const { loss, step } = await train("halving", job.trial, rungs[job.rung]!);
      const losses = [...(trials[job.trial]?.losses ?? []), loss];
      trials[job.trial] = { id: job.trial, losses, steps: step };
      if (spent() <= budget && loss <= target) reached ??= spent();
    }
    const found = Math.min(...bestTrial(trials)!.losses);
    return {
      bench: "tune",
      machine: describeMachine(),
      rows: [
        {
          name: "best-score-gap",
          value: round(target - found),
          unit: `validation loss of random search less that of halving on as many steps (${budget}); above 0 is better`,
          ours: round(found),
          peer: round(target),
        },
        {
          name: "steps",
          value: round((reached ?? Infinity) / budget),
          unit: "steps that halving took to be as good as random search, as a share of the latter's (lower is better)",
          ours: reached ?? "not reached",
          peer: budget,
        },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
