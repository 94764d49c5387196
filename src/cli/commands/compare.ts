import { compare } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function compareCommand(
  session: Session,
  options: { strict?: boolean; curve?: boolean },
): Promise<unknown> {
  const isTerminal = process.stdout.isTTY === true;
  const view = {
    width: process.stdout.columns ?? 100,
    color: isTerminal && !process.env["NO_COLOR"],
  };
  const { curve = false } = options;
  const { results, table, files } = await compare(await session.open(options), view, { curve });
  session.print(`${table}\n`);
  session.print(`\nReport: ${files.html}\nFigures: ${files.results}\n`);
  // The questions and passages are in results.json; here they would drown the rest.
  const { questions: _questions, passages: _passages, ...summary } = results;
  return { ...summary, files };
}
