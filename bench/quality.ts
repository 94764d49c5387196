import { run as runArithmetic } from "./arithmetic.ts";
import { run as runBanking77 } from "./banking77.ts";
import type { BenchResult } from "./result.ts";
import { run as runScifact } from "./scifact.ts";

/** Retrieval and tuning quality on public data. Takes two hours, nearly all of them training on Banking77. */
export async function run(): Promise<BenchResult> {
  const scifact = await runScifact();
  const banking77 = await runBanking77();
  const arithmetic = await runArithmetic();
  const rows = [scifact, banking77, arithmetic].flatMap((result) => result.rows);
  return { ...scifact, bench: "quality", rows };
}
