import { run as runBanking77 } from "./banking77.ts";
import type { BenchResult } from "./result.ts";
import { run as runScifact } from "./scifact.ts";

/** Retrieval and tuning quality on public data. Takes about an hour, nearly all of it training on Banking77. */
export async function run(): Promise<BenchResult> {
  const scifact = await runScifact();
  const banking77 = await runBanking77();
  return { ...scifact, bench: "quality", rows: [...scifact.rows, ...banking77.rows] };
}
