import type { BenchResult } from "./result.ts";
import { searchOver } from "./retrieve.ts";

/** A million chunks, or as many as LORAG_BENCH_CHUNKS says (whole tens of thousands). */
export const run = (): Promise<BenchResult> =>
  searchOver("million", Number(process.env["LORAG_BENCH_CHUNKS"] ?? 1_000_000));
