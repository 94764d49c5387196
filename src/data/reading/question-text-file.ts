import { textPieces, type ByteSource } from "../../platform/index.ts";
import { linesOf } from "./json-lines.ts";
import type { Row } from "./row.ts";

const question = /^\s*(?:q|question|prompt|user)\s*[:.]\s*/i;
const answer = /^\s*(?:a|answer|completion|assistant)\s*[:.]\s*/i;

/** Plain text of `Q: ...` and `A: ...`, each of one or more lines. */
export function* readQuestionText(source: ByteSource): Generator<Row> {
  let current: { number: number; question: string[]; answer?: string[] } | undefined;
  const finished = (): Row[] => {
    if (!current) return [];
    const { number } = current;
    const place = `line ${number}`;
    if (!current.answer)
      return [{ place, number, problem: "no answer: a line that begins with `A:` is missing" }];
    const [asked, answered] = [current.question, current.answer].map((lines) => lines.join("\n").trim());
    return [{ place, number, value: { question: asked, answer: answered } }];
  };
  for (const { number, text } of linesOf(textPieces(source))) {
    if (question.test(text)) {
      yield* finished();
      current = { number, question: [text.replace(question, "")] };
    } else if (answer.test(text) && current && !current.answer) {
      current.answer = [text.replace(answer, "")];
    } else if (current) {
      (current.answer ?? current.question).push(text);
    } else if (text.trim() !== "") {
      const problem =
        "plain text, without `Q:` and `A:`: text that answers are to be found in goes into the `documents` folder";
      yield { place: `line ${number}`, number, problem };
      return;
    }
  }
  yield* finished();
}
