import { resolve } from "node:path";
import { compare, recordRun, withArms } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export interface CompareOptions {
  strict?: boolean;
  curve?: boolean;
  /** Names, parted by commas. */
  arms?: string;
  /** A folder. */
  record?: string;
}

export async function compareCommand(session: Session, options: CompareOptions): Promise<unknown> {
  const isTerminal = process.stdout.isTTY === true;
  const view = {
    width: process.stdout.columns ?? 100,
    color: isTerminal && !process.env["NO_COLOR"],
  };
  const { curve = false, arms = "", record } = options;
  const names = arms.split(",").filter((name) => name !== "");
  const context = withArms(await session.open(options), names);
  const run = (opened: typeof context) => compare(opened, view, { curve });
  const { results, table, files } =
    record === undefined ? await run(context) : await recordRun(context, resolve(record), run);
  session.print(`${table}\n`);
  session.print(`\nReport: ${files.html}\nFigures: ${files.results}\n`);
  // The questions and passages are in results.json; here they would drown the rest.
  const { questions: _questions, passages: _passages, ...summary } = results;
  return { ...summary, files };
}
