import type { Answer, TermReport } from "../contracts/index.ts";
import { answerWithTerms, knownLanguage, type GlossaryEntry } from "../glossary/index.ts";
import { namedRandom, shuffle } from "../random/index.ts";
import type { Asked } from "./answerer.ts";
import type { ArmParts } from "./arm-parts.ts";

type Made = Omit<Answer, "latencyMs">;

/**
 * An answer with the terms of the project's glossary: those that the question has and that the model is likely not to know
 * are shown, the answer is checked, and where one was not honoured the model is asked once more. `random` shows as many
 * other terms and asks once: what the mere sight of terms does. What became of them is told; nothing is replaced.
 */
export async function withTerms(
  kind: "terms" | "random",
  asked: Asked,
  { glossary, pieces }: ArmParts,
  make: (asked: Asked) => Promise<Made>,
): Promise<Made> {
  const terms = await glossary!();
  const { question } = asked;
  const occurring = [...new Set(terms.find(question).flatMap(({ owners }) => owners))];
  if (occurring.length === 0) return make(asked);
  // The first answer may yet give way to a second.
  const { onText: _, ...quiet } = asked;
  const target = occurring.find(({ languages }) => languages.target !== undefined)?.languages.target;
  const { made, given, check, retried } = await answerWithTerms({
    source: question,
    glossary: terms,
    language: knownLanguage(target),
    generate: (instructions) => make(instructions === "" ? quiet : { ...quiet, instructions }),
    ...(pieces && { counters: { pieces: await countPieces(occurring, pieces) } }),
    ...(kind === "random" && { control: (own) => others(terms.entries, own, question) }),
  });
  const rows: TermReport["terms"] = check.rows.map((row, index) => ({
    ...row,
    found: row.found ?? null,
    shown: given.includes(occurring[index]!),
  }));
  return { ...made, terms: { terms: rows, missingFigures: check.missingFigures, retried } };
}

const others = (entries: readonly GlossaryEntry[], own: GlossaryEntry[], question: string): GlossaryEntry[] =>
  shuffle(
    entries.filter((entry) => !own.includes(entry)),
    namedRandom(0, question),
  ).slice(0, own.length);

/** Tokens of each word of the terms, asked for once. */
async function countPieces(
  entries: readonly GlossaryEntry[],
  pieces: (word: string) => Promise<number>,
): Promise<(word: string) => number> {
  const words = [...new Set(entries.flatMap(({ source }) => source.split(/\s+/u)))];
  const counts = new Map(await Promise.all(words.map(async (word) => [word, await pieces(word)] as const)));
  return (word) => counts.get(word) ?? 1;
}
