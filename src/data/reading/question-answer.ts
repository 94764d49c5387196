import { textOf } from "./text-of.ts";
import { asked, toReading, type Reading } from "./turns.ts";

/** `{"question", "answer"}` lines, SQuAD's `answers` among them: the first is the gold, the others are accepted as well. */
export function readQuestionAnswer(row: Record<string, unknown>): Reading | string {
  const question = textOf(row, ["question", "query"], true);
  const context = textOf(row, ["context"]);
  const prompt = asked(context ? `${context}\n\n${question}` : question, textOf(row, ["system"]));
  const listed = listOf(row["answers"]);
  if (!listed) return toReading(prompt, textOf(row, ["answer", "response"], true));
  const [first, ...others] = [...new Set(listed)];
  if (first === undefined) return "no answer: the list of answers is empty";
  const reading = toReading(prompt, first);
  return typeof reading === "string" || others.length === 0 ? reading : { ...reading, accept: others };
}

function listOf(answers: unknown): string[] | undefined {
  const list = Array.isArray(answers) ? (answers as unknown[]) : (answers as { text?: unknown } | null)?.text;
  return Array.isArray(list) && list.every((answer) => typeof answer === "string") ? list : undefined;
}
