import { inBrief, type Message } from "../../contracts/index.ts";
import { parseJson } from "../../platform/index.ts";
import { BadValue, textOf } from "./text-of.ts";
import { asked, toReading, type Reading } from "./turns.ts";

/** Stanford Alpaca's lines, with LLaMA-Factory's `system` and `history`, and Dolly's names `context` and `response`. */
export function readAlpaca(row: Record<string, unknown>): Reading | string {
  const parts = [textOf(row, ["instruction"]), textOf(row, ["input", "context"])];
  const question = parts.filter((part) => part !== undefined && part.trim() !== "").join("\n\n");
  const answer = textOf(row, ["output", "response"], true);
  return toReading(asked(question, textOf(row, ["system"]), historyOf(row["history"])), answer);
}

/** Earlier turns, as pairs of question and answer; in a table, as the text of such a list. */
function historyOf(given: unknown): Message[] {
  const history = typeof given === "string" ? (parseJson(given) ?? given) : (given ?? []);
  if (!Array.isArray(history)) throw new BadValue(`history must be a list of pairs, got ${inBrief(given)}`);
  return (history as unknown[]).flatMap((pair, index): Message[] => {
    const [question, answer] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (typeof question !== "string" || typeof answer !== "string") {
      throw new BadValue(`history[${index}] must be a question and its answer`);
    }
    return [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ];
  });
}
