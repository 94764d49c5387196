import { resolve } from "node:path";
import { LoragError, dataChecks, type CleanedData, type DataCheck } from "../../contracts/index.ts";
import { cleanData as clean, exampleLine, type DataChange } from "../../data/index.ts";
import { exists, writeFileAtomic } from "../../platform/index.ts";
import { likeness } from "../../text/index.ts";
import type { Context } from "../context.ts";
import { examineData, type CheckRequest } from "./check-data.ts";

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
  const { data, report, names } = await examineData(context, request);
  const train = data.filter(({ role }) => role === "train");
  const refused = train.flatMap(({ name, refused: rows }) =>
    rows.map(({ place, problem }) => ({
      action: "drop" as const,
      check: "refused",
      file: name,
      place,
      detail: problem,
    })),
  );
  const options = { drop, encoding: true, html: request.html, mask: request.mask, names };
  const { examples, changes } = clean(
    train.flatMap((file) => file.examples),
    report,
    options,
  );
  await writeFileAtomic(
    log,
    [...refused, ...changes].map((change) => `${JSON.stringify(change)}\n`).join(""),
  );
  await writeFileAtomic(out, examples.map((example) => `${exampleLine(example)}\n`).join(""));
  const count = (action: DataChange["action"]): number =>
    new Set(changes.filter((change) => change.action === action).map(({ id }) => id)).size;
  return {
    file: out,
    log,
    kept: examples.length,
    dropped: count("drop"),
    changed: count("change"),
    refused: refused.length,
  };
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
