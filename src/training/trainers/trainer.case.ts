import { expect, test } from "vitest";
import type { Trainer, TrainerJob } from "./trainer.ts";

export interface TrainerUnderTest {
  trainer: Trainer;
  /** A small job of its own folders, by name. */
  job: (name: string) => TrainerJob;
  /** How often training began anew for the job of this name. */
  begun: (name: string) => number;
}

/** What every trainer keeps to. */
export function describeTrainer(name: string, open: () => TrainerUnderTest): void {
  test(`${name}: it trains, and says on how many examples`, async () => {
    const { trainer, job } = open();
    const given = job("whole");
    const result = await trainer.train(given);
    expect(result.record.examples).toBe(given.train.length);
    if (result.kind === "peft") expect(result.folder).toBe(given.folder);
    else expect(result.model).not.toBe("");
  });

  test(`${name}: left in the middle, the same job goes on, and is not begun twice`, async () => {
    const { trainer, job, begun } = open();
    const abort = new AbortController();
    const left = trainer.train(job("left"), {
      signal: abort.signal,
      onStep: ({ step }) => step >= 1 && abort.abort(),
    });
    await expect(left).rejects.toMatchObject({ code: "LORAG_INTERRUPTED", exitCode: 130 });
    const result = await trainer.train(job("left"));
    expect(result.record.steps).toBeGreaterThan(1);
    expect(begun("left")).toBe(1);
  });

  test(`${name}: an abort before anything is begun begins nothing`, async () => {
    const { trainer, job, begun } = open();
    await expect(trainer.train(job("never"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "LORAG_INTERRUPTED",
    });
    expect(begun("never")).toBe(0);
  });
}
