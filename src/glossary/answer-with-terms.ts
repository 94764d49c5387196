import type { LanguageCode } from "../contracts/index.ts";
import { checkAnswer, type TermCheck } from "./check-answer.ts";
import type { Glossary } from "./glossary.ts";
import type { GlossaryEntry } from "./glossary-entry.ts";
import { isRare, type WordCounters } from "./rare-terms.ts";
import { renderTerms } from "./render-terms.ts";

export interface TermedAnswer<Made extends { text: string }> {
  made: Made;
  /** What was put before the model. */
  given: GlossaryEntry[];
  /** What became of the terms in the answer. */
  check: TermCheck;
  /** Whether the model was asked a second time. */
  retried: boolean;
}

export interface TermedRequest<Made extends { text: string }> {
  /** The question, or the text to be translated. */
  source: string;
  glossary: Glossary;
  /** Of the answer. */
  language: LanguageCode | undefined;
  /** Asks the model, with these instructions beside its own; empty for none. */
  generate: (instructions: string) => Promise<Made>;
  counters?: WordCounters;
  /** Shown in place of the terms that occur, and never a second time: a control. */
  control?: (occurring: GlossaryEntry[]) => GlossaryEntry[];
}

/**
 * An answer written with the terms of a glossary: those that occur in the source text and that the model is likely not
 * to know are put before it; what it then writes is checked, and where a term was not honoured it is asked once more,
 * with that said. The better of both answers stands, the first where they are equal; nothing is replaced in it.
 */
export async function answerWithTerms<Made extends { text: string }>({
  source,
  glossary,
  language,
  generate,
  counters = {},
  control,
}: TermedRequest<Made>): Promise<TermedAnswer<Made>> {
  const occurring = [...new Set(glossary.find(source).flatMap(({ owners }) => owners))];
  const given = control ? control(occurring) : occurring.filter((entry) => isRare(entry.source, counters));
  const instructions = given.length === 0 ? "" : `Use these terms:\n${renderTerms(given)}`;
  const attempt = async (asked: string): Promise<{ made: Made; check: TermCheck }> => {
    const made = await generate(asked);
    return { made, check: checkAnswer(source, made.text, occurring, language) };
  };
  const first = await attempt(instructions);
  if (first.check.honoured || control) return { ...first, given, retried: false };
  const wanted = occurring.filter((_, index) => !first.check.rows[index]!.honoured);
  const second = await attempt(
    [instructions, correction(first.made.text, first.check, wanted)]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
  const better = failures(second.check) < failures(first.check) ? second : first;
  return { ...better, given, retried: true };
}

const failures = ({ rows, missingFigures }: TermCheck): number =>
  rows.filter(({ honoured }) => !honoured).length + missingFigures.length;

function correction(text: string, check: TermCheck, wanted: GlossaryEntry[]): string {
  const lines = [`A first attempt was: ${text}`, "Write it again, and this time:"];
  if (wanted.length > 0) lines.push(renderTerms(wanted));
  if (check.missingFigures.length > 0) lines.push(`keep the figures ${check.missingFigures.join(", ")}`);
  return lines.join("\n");
}
