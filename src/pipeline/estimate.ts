import type { OnProgress, Progress } from "../contracts/index.ts";

/** A part of a run and how long it takes on the machine that the expectations were timed on. */
export interface Stage {
  /** The stage that its progress reports carry. */
  id: string;
  seconds: number;
  /** Finished by an earlier run: nothing is left to do, unless it is reported after all. */
  isDone?: boolean;
}

/**
 * Seconds left of a whole run, from its stages in order. Expected seconds give the proportions; the time that the
 * stages seen so far really took for what they did gives the pace of this machine. A stage that is never reported
 * was reused: it counts neither as work nor as time. `clock` gives seconds.
 */
export function timeLeft(stages: Stage[], clock: () => number): (progress: Progress) => number | undefined {
  const seen = new Map<number, { from: number; share: number; began: number; now: number }>();
  return (progress) => {
    const current = stages.findIndex((stage) => progress.stage === stage.id);
    if (current < 0) return undefined;
    const share = progress.total ? Math.min(1, progress.done / progress.total) : 0;
    const now = clock();
    const first = seen.get(current) ?? { from: share, share, began: now, now };
    seen.set(current, { ...first, share, now });

    const worked = sum([...seen].map(([index, at]) => stages[index]!.seconds * (at.share - at.from)));
    const took = sum([...seen.values()].map((at) => at.now - at.began));
    const ahead = sum(stages.slice(current + 1).map((stage) => (stage.isDone ? 0 : stage.seconds)));
    // The first seconds say little about the pace, so the expectation counts as some of the evidence.
    const pace = (took + trust) / (worked + trust);

    // Of its own work a stage knows best: an expectation may be wrong for one stage and right for the next.
    const own = seen.get(current)!;
    const ownWork = stages[current]!.seconds * (own.share - own.from);
    const ownPace = (own.now - own.began + trust * pace) / (ownWork + trust);
    return ahead * pace + stages[current]!.seconds * (1 - share) * ownPace;
  };
}

/** How many seconds of measured work the expectation is worth. */
const trust = 5;

/** Adds the time left of the whole run to each progress report. */
export function withTimeLeft(stages: Stage[], onProgress: OnProgress): OnProgress {
  const left = timeLeft(stages, () => performance.now() / 1000);
  return (progress) => {
    const remainingSeconds = left(progress);
    onProgress(remainingSeconds === undefined ? progress : { ...progress, remainingSeconds });
  };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
