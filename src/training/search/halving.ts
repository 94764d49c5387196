/** A trial of a search, as the scheduler sees it. */
export interface Trial {
  id: number;
  /** By rung, lower is better; what failed there has Infinity. */
  losses: readonly number[];
}

export interface Halving {
  /** How many rungs there are. */
  rungs: number;
  /** One of so many trials goes on from each rung. */
  factor: number;
  /** Most trials. */
  trials: number;
}

export interface TrialJob {
  trial: number;
  rung: number;
}

/**
 * What to run next by asynchronous successive halving (ASHA, https://arxiv.org/abs/1810.05934): the best of a rung that may
 * go on, of the highest rung first; else a new trial; undefined at the end. It hangs on the trials alone, so that a search
 * that was cut off goes on as if it had not been.
 */
export function nextJob(
  trials: readonly Trial[],
  { rungs, factor, trials: most }: Halving,
): TrialJob | undefined {
  for (let rung = rungs - 2; rung >= 0; rung--) {
    const finished = ranked(trials, rung);
    const allowed = Math.floor(finished.length / factor);
    const next = finished
      .slice(0, allowed)
      .find(({ losses }) => losses.length === rung + 1 && losses[rung]! < Infinity);
    if (next) return { trial: next.id, rung: rung + 1 };
  }
  if (trials.length < most) return { trial: trials.length, rung: 0 };
  // The end: no rung above may stay empty for want of enough trials below.
  const top = Math.max(-1, ...trials.map(({ losses }) => lastFinite(losses)));
  if (top < 0 || top === rungs - 1) return undefined;
  const best = ranked(trials, top).find(({ losses }) => losses.length === top + 1);
  return best && { trial: best.id, rung: top + 1 };
}

/** The trial to use: the lowest loss of the highest rung that any has come to. */
export function bestTrial(trials: readonly Trial[]): Trial | undefined {
  const top = Math.max(-1, ...trials.map(({ losses }) => lastFinite(losses)));
  return top < 0 ? undefined : ranked(trials, top).find(({ losses }) => losses[top]! < Infinity);
}

/** Those that have finished a rung, best first; the earlier one of two that are equal. */
function ranked(trials: readonly Trial[], rung: number): Trial[] {
  return trials
    .filter(({ losses }) => losses.length > rung)
    .toSorted((a, b) => compare(a.losses[rung]!, b.losses[rung]!) || a.id - b.id);
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const lastFinite = (losses: readonly number[]): number => losses.findLastIndex((loss) => loss < Infinity);
