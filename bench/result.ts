import { cpus, totalmem } from "node:os";

/** What a bench prints, as one JSON object. */
export interface BenchResult {
  bench: string;
  machine: string;
  rows: BenchRow[];
}

export interface BenchRow {
  name: string;
  /** The ratio ours/peer in speed (higher is better) unless the row's name or unit says otherwise. */
  value: number;
  unit: string;
  ours: number | string;
  peer: number | string;
}

export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`;
}

/** Runs each side in turn, `rounds` times, so that a slow minute of the machine hits all; keeps each one's best. */
export async function interleave<Name extends string>(
  rounds: number,
  sides: Record<Name, () => Promise<number>>,
  better: "higher" | "lower",
): Promise<Record<Name, number>> {
  const names = Object.keys(sides) as Name[];
  const best = {} as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const value = await sides[name]();
      const before = best[name];
      const improved = before === undefined || (better === "higher" ? value > before : value < before);
      if (improved) best[name] = value;
    }
  }
  return best;
}

/** Three significant digits, enough for a ratio from noisy timings. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
