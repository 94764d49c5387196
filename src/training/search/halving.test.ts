import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../random/index.ts";
import { bestTrial, nextJob, type Halving, type Trial, type TrialJob } from "./halving.ts";

const shares = [1 / 9, 1 / 3, 1];

/** Runs a whole search over curves that are known: `lossOf` a trial after a share of its training. */
function search(halving: Halving, lossOf: (trial: number, rung: number) => number, most = Infinity) {
  const trials: Trial[] = [];
  const jobs: TrialJob[] = [];
  for (let job = nextJob(trials, halving); job && jobs.length < most; job = nextJob(trials, halving)) {
    jobs.push(job);
    const { losses } = trials[job.trial] ?? { losses: [] };
    expect(job.rung).toBe(losses.length);
    trials[job.trial] = { id: job.trial, losses: [...losses, lossOf(job.trial, job.rung)] };
    expect(jobs.length).toBeLessThan(1000);
  }
  return { trials, jobs };
}

const costOf = (trials: readonly Trial[]): number =>
  trials.reduce((sum, { losses }) => sum + shares[losses.length - 1]!, 0);

const curves = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  // How much of an early loss is luck.
  noise: fc.double({ min: 0, max: 0.5, noNaN: true }),
});

const makeCurves = ({ count, seed, noise }: { count: number; seed: number; noise: number }) => {
  const random = randomStream(seed);
  const finals = Array.from({ length: count }, () => random());
  const luck = finals.map(() => shares.map(() => noise * (random() - 0.5)));
  return (trial: number, rung: number) => finals[trial]! + (1 - shares[rung]!) * (1 + luck[trial]![rung]!);
};

test("it ends, every trial is begun once, and at least one comes to the end", () => {
  fc.assert(
    fc.property(curves, (given) => {
      const { trials, jobs } = search({ rungs: 3, factor: 3, trials: given.count }, makeCurves(given));
      expect(trials).toHaveLength(given.count);
      expect(new Set(jobs.map(({ trial, rung }) => `${trial} ${rung}`)).size).toBe(jobs.length);
      const at = (rung: number) => trials.filter(({ losses }) => losses.length > rung).length;
      for (const rung of [1, 2]) {
        expect(at(rung)).toBeGreaterThanOrEqual(1);
        expect(at(rung)).toBeLessThanOrEqual(at(rung - 1));
      }
      expect(bestTrial(trials)!.losses).toHaveLength(3);
    }),
  );
});

test("where early losses tell the order, the best of all is found for less than half of what all would take", () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 40 }), fc.nat(), (count, seed) => {
      const lossOf = makeCurves({ count, seed, noise: 0 });
      const { trials } = search({ rungs: 3, factor: 3, trials: count }, lossOf);
      const finals = Array.from({ length: count }, (_, trial) => lossOf(trial, 2));
      expect(bestTrial(trials)!.losses[2]).toBe(Math.min(...finals));
      expect(costOf(trials)).toBeLessThan(0.5 * count);
    }),
  );
});

test("what was cut off anywhere goes on as if it had not been", () => {
  fc.assert(
    fc.property(curves, fc.nat({ max: 60 }), (given, cut) => {
      const halving = { rungs: 3, factor: 3, trials: given.count };
      const whole = search(halving, makeCurves(given));
      const first = search(halving, makeCurves(given), cut);
      expect(nextJob(first.trials, halving)).toEqual(whole.jobs[cut]);
    }),
  );
});

test("what failed never goes on, and is never the best", () => {
  fc.assert(
    fc.property(curves, fc.nat(), (given, failing) => {
      const lossOf = makeCurves(given);
      const bad = failing % given.count;
      const { trials } = search({ rungs: 3, factor: 3, trials: given.count }, (trial, rung) =>
        trial === bad ? Infinity : lossOf(trial, rung),
      );
      expect(trials[bad]!.losses).toEqual([Infinity]);
      expect(bestTrial(trials)?.id).not.toBe(bad);
    }),
  );
});
