import type { Message } from "../../contracts/index.ts";
import { BadValue, textOf } from "./text-of.ts";
import { asked, toReading, type Reading } from "./turns.ts";

/** Stanford Alpaca's lines, with LLaMA-Factory's `system` and `history`, and Dolly's names `context` and `response`. */
export function readAlpaca(row: Record<string, unknown>): Reading | string {
  const parts = [textOf(row, ["instruction"]), textOf(row, ["input", "context"])];
  const question = parts.filter((part) => part !== undefined && part.trim() !== "").join("\n\n");
  const answer = textOf(row, ["output", "response"], true);
  return toReading(asked(question, textOf(row, ["system"]), historyOf(row["history"])), answer);
}

/** Earlier turns, as pairs of question and answer. */
function historyOf(history: unknown): Message[] {
  return ((history ?? []) as unknown[]).flatMap((pair, index): Message[] => {
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
