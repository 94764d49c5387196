import { LoragError } from "../src/contracts/index.ts";
import { makeBombs } from "../src/platform/bombs.case.ts";
import { detectFormat } from "../src/documents/detect-format.ts";
import { formats, type FormatRow } from "../src/documents/formats.ts";
import { defaultParseOptions } from "../src/documents/parser.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

/** How long the slowest of 40 bombs takes to be refused, and by how much the process grows for all of them. */
export async function run(): Promise<BenchResult> {
  const bombs = makeBombs();
  for (const row of Object.values(formats) as FormatRow[]) await row.load?.();
  const before = process.resourceUsage().maxRSS;
  let slowest = { seconds: 0, name: "" };
  let refused = 0;
  for (const { name, bytes } of bombs) {
    const start = performance.now();
    try {
      const parse = await (formats[detectFormat(bytes, name)] as FormatRow).load!();
      await parse(bytes, name, defaultParseOptions);
    } catch (error) {
      if (error instanceof LoragError) refused++;
    }
    const seconds = (performance.now() - start) / 1000;
    if (seconds > slowest.seconds) slowest = { seconds, name };
  }
  const megabytes = (process.resourceUsage().maxRSS - before) / 1024;
  return {
    bench: "bombs",
    machine: describeMachine(),
    rows: [
      {
        name: "refused",
        value: refused / bombs.length,
        unit: "share (1)",
        ours: refused,
        peer: bombs.length,
      },
      {
        name: "slowest-s",
        value: round(slowest.seconds),
        unit: "seconds (2 at most)",
        ours: slowest.name,
        peer: "-",
      },
      {
        name: "grown-mb",
        value: round(megabytes),
        unit: "MB above before (300 at most)",
        ours: round(megabytes),
        peer: "-",
      },
    ],
  };
}
