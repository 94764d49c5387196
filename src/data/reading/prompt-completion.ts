import { textOf } from "./text-of.ts";
import { asked, lastAnswer, readTurns, toReading, type Reading } from "./turns.ts";

/** TRL's lines: `{"prompt": ..., "completion": ...}`, each a text, or each a list of messages. */
export function readPromptCompletion(row: Record<string, unknown>): Reading | string {
  const answer =
    (row["completion"] ?? undefined) === undefined && "response" in row ? "response" : "completion";
  if (!(answer in row)) return 'no answer: "completion" is missing';
  // Lines of KTO say which completions are wanted.
  if (row["label"] === false) return 'no gold answer: "label" is false, so the completion is one to avoid';
  if (Array.isArray(row["prompt"]) && Array.isArray(row[answer])) {
    const prompt = readTurns(row["prompt"], "prompt");
    const completion = readTurns(row[answer], answer);
    if (typeof prompt === "string") return prompt;
    return typeof completion === "string" ? completion : lastAnswer([...prompt, ...completion]);
  }
  const question = asked(textOf(row, ["prompt"], true), textOf(row, ["system"]));
  return toReading(question, textOf(row, [answer], true));
}
