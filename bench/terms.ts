import {
  answerWithTerms,
  checkAnswer,
  createGlossary,
  createTermFinder,
  renderTerms,
  type GlossaryEntry,
} from "../src/glossary/index.ts";
import { createLocalModel } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { seededRandom, shuffle, type Random } from "../src/random/index.ts";
import { describeMachine, round, type BenchResult, type BenchRow } from "./result.ts";
import { readTermSets, type TermSet } from "./terms-data.ts";

/** Sentences that the local model translates, of each set. */
const modelSentences = 8;
const languages: Record<string, string> = { fr: "French", sw: "Swahili" };

type Sentence = TermSet["sentences"][number];
/** Translates a sentence; `given` are the terms put before it, `asked` the same as text. */
type Translate = (sentence: Sentence, given: GlossaryEntry[], asked: string) => Promise<string>;

/**
 * Term success: the share of the terms in a source text for which its translation has a form that the glossary wants.
 * With the terms that occur and one retry, without any, and with as many random ones of the same glossary. The oracle
 * takes the translation by a person, but knows no term that it was not given and obeys where it was: what it reaches
 * is what the glossary's own parts leave to reach. The local model is a small one that has seen next to no French.
 */
export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  const model = await createLocalModel({ model: await resolveModel("smollm2-135m-instruct") });
  try {
    for (const set of await readTermSets()) {
      const glossary = createGlossary(set.entries, "en");
      const occurring = ({ source }: Sentence): GlossaryEntry[] => [
        ...new Set(glossary.find(source).flatMap(({ owners }) => owners)),
      ];
      const sentences = set.sentences.filter((sentence) => occurring(sentence).length > 0);
      const local: Translate = async ({ source }, _, asked) => {
        const content = `Translate into ${languages[set.target]}: ${source}\n${asked}`.trim();
        const sampling = { maxTokens: 64 };
        return (await model.generate({ messages: [{ role: "user", content }], sampling })).text;
      };
      const oracle: Translate = async (sentence, given) => obey(sentence, occurring(sentence), given, set);
      rows.push(...(await score(set, sentences, "oracle", oracle)));
      rows.push(...(await score(set, sentences.slice(0, modelSentences), "model", local)));
      const samples = sentences.filter(({ sample }) => sample !== undefined);
      if (set.name.startsWith("wmt21")) {
        const shares = samples.map((each) =>
          checkAnswer(each.source, each.sample!, occurring(each), set.target),
        );
        const all = shares.flatMap((check) => check.rows);
        rows.push({
          name: `${set.name}-sample-output`,
          value: round(all.filter(({ honoured }) => honoured).length / all.length),
          unit: "term success of the output that comes with the data",
          ours: `${all.length} terms, inflected forms count`,
          peer: "0.859 by the data's own script, of 901 tagged terms",
        });
      }
    }
  } finally {
    await model.close();
  }
  return { bench: "terms", machine: describeMachine(), rows };
}

async function score(
  set: TermSet,
  sentences: Sentence[],
  name: string,
  translate: Translate,
): Promise<BenchRow[]> {
  const glossary = createGlossary(set.entries, "en");
  const random = seededRandom(7);
  const success = { with: [0, 0], without: [0, 0], random: [0, 0] };
  const count = (way: keyof typeof success, rows: { honoured: boolean }[]): void => {
    success[way][0]! += rows.filter(({ honoured }) => honoured).length;
    success[way][1]! += rows.length;
  };
  let retried = 0;
  for (const sentence of sentences) {
    const given = [...new Set(glossary.find(sentence.source).flatMap(({ owners }) => owners))];
    const answer = await answerWithTerms({
      source: sentence.source,
      glossary,
      language: set.target,
      generate: async (asked) => ({ text: await translate(sentence, given, asked) }),
    });
    if (answer.retried) retried++;
    count("with", answer.check.rows);
    const control = async (way: "without" | "random", shown: GlossaryEntry[]): Promise<void> => {
      const asked = shown.length > 0 ? `Use these terms:\n${renderTerms(shown)}` : "";
      const text = await translate(sentence, shown, asked);
      count(way, checkAnswer(sentence.source, text, given, set.target).rows);
    };
    await control("without", []);
    await control("random", pickOthers(set.entries, given, random));
  }
  return (["with", "without", "random"] as const).map((way) => ({
    name: `${set.name}-${name}-${way}`,
    value: round(success[way][0]! / success[way][1]!),
    unit: "term success",
    ours: `${success[way][1]} terms in ${sentences.length} sentences${way === "with" ? `, ${retried} asked twice` : ""}`,
    peer: "none",
  }));
}

/** As many entries that do not occur. */
function pickOthers(entries: GlossaryEntry[], given: GlossaryEntry[], random: Random): GlossaryEntry[] {
  return shuffle(
    entries.filter((entry) => !given.includes(entry)),
    random,
  ).slice(0, given.length);
}

/** The reference with the source's word where a term is not known, and with the given form where it has another. */
function obey(
  { reference }: Sentence,
  occurring: GlossaryEntry[],
  given: GlossaryEntry[],
  set: TermSet,
): string {
  let text = reference;
  for (const entry of occurring) {
    const forms = entry.targets.map((form) => ({ text: form, owner: form, caseSensitive: false }));
    const places = createTermFinder(forms, set.target)(text);
    if (given.includes(entry)) {
      if (places.length === 0) text += ` ${entry.targets[0] ?? ""}`;
      continue;
    }
    for (const { start, end } of places.toReversed()) text = `${text.slice(0, start)}___${text.slice(end)}`;
  }
  return text;
}
