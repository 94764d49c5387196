import { resolve } from "node:path";
import {
  LoragError,
  dataChecks,
  type CleanedData,
  type DataCheck,
  type DataReport,
} from "../../contracts/index.ts";
import {
  cleanData as clean,
  exampleLine,
  itemsOf,
  type CheckedFile,
  type CleaningOptions,
} from "../../data/index.ts";
import { createRowFile, exists, writeFileAtomic, type RowFile } from "../../platform/index.ts";
import { likeness } from "../../text/index.ts";
import type { Context } from "../context.ts";
import { examineData, type CheckRequest } from "./check-data.ts";
import { withData } from "./read-data.ts";

export interface CleanRequest extends CheckRequest {
  out: string;
  /** Checks whose examples go; absent: copies and near copies. */
  drop?: string[] | undefined;
  mask: boolean;
  html: boolean;
}

/**
 * Writes a new file of the examples that stay, as JSONL in OpenAI's form, and beside it a log with a line for every
 * example that was left out and every text that was changed. The files that were read are left as they are.
 * Throws LORAG_FILE_EXISTS, LORAG_USAGE for a check that there is not.
 */
export async function cleanData(context: Context, request: CleanRequest): Promise<CleanedData> {
  const out = resolve(request.out);
  const log = `${out.replace(/\.jsonl$/i, "")}.changes.jsonl`;
  for (const path of [out, log]) if (await exists(path)) throw fileExists(path);
  const drop = (request.drop ?? ["copies", "near-copies"]).map(toCheck);
  return withData(context, request, async (data) => {
    const { report, names } = await examineData(context, request, data, drop);
    const train = data.filter(({ role }) => role === "train");
    const options = { drop, encoding: true, html: request.html, mask: request.mask, names };
    const counts = { kept: 0, dropped: 0, changed: 0, refused: 0 };
    const changes = createRowFile();
    try {
      for (const { name, refused } of train) {
        counts.refused += refused.length;
        for (const { place, problem } of itemsOf(refused)) {
          const change = { action: "drop", check: "refused", file: name, place, detail: problem };
          changes.append(JSON.stringify(change));
        }
      }
      // The log is whole before the file is there.
      await writeFileAtomic(out, cleanLines(train, report, options, counts, changes, log));
    } finally {
      changes.close();
    }
    return { file: out, log, ...counts };
  });
}

async function* cleanLines(
  train: CheckedFile[],
  report: DataReport,
  options: CleaningOptions,
  counts: Pick<CleanedData, "kept" | "dropped" | "changed">,
  log: RowFile,
  logPath: string,
): AsyncGenerator<Uint8Array> {
  for (const { examples } of train) {
    for (const { example, changes } of clean(itemsOf(examples), report, options)) {
      for (const change of changes) log.append(JSON.stringify(change));
      if (!example) {
        counts.dropped++;
        continue;
      }
      counts.kept++;
      if (changes.length > 0) counts.changed++;
      yield Buffer.from(`${exampleLine(example)}\n`);
    }
  }
  await writeFileAtomic(logPath, linesOf(log));
}

function* linesOf(rows: RowFile): Generator<Uint8Array> {
  for (const row of itemsOf(rows)) yield Buffer.from(`${row}\n`);
}

function toCheck(name: string): DataCheck {
  const found = dataChecks.find((check) => check === name);
  if (found) return found;
  const nearest = dataChecks.toSorted((a, b) => likeness(name, b) - likeness(name, a))[0]!;
  throw new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `There is no check ${JSON.stringify(name)}; the nearest is ${nearest}`,
    next: `Checks are ${dataChecks.join(", ")}.`,
  });
}

/** Nothing is written over: what is there may be the only copy. */
function fileExists(path: string): LoragError {
  return new LoragError({
    code: "LORAG_FILE_EXISTS",
    kind: "usage",
    message: `${path} is there already`,
    next: "Name another file with --out, or remove this one.",
  });
}
