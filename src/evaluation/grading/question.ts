import {
  grammars,
  likelyGrammars,
  plainText,
  readText,
  splitSentences,
  foldWord,
  type Item,
  type Lexicon,
  type Reading,
  type Sought,
} from "../../text/index.ts";
import { sameWord } from "./same-word.ts";
import { asksForOnce } from "./called-false.ts";

/** What of a question tells whether an answer is right, beside the gold. */
export interface Asked {
  reading: Reading;
  /** What it asks for, where it asks for one thing. */
  seeks: Sought | null;
  /** `Under what age`: the bound goes without saying in the gold. */
  bounded: boolean;
  /** The end of a range that it asks for: `When does it end?` */
  side: "first" | "second" | null;
  /** `Which are never posted?`: what the answer leaves out or denies. */
  denies: boolean;
  /** `Is breakfast included?` */
  yesOrNo: boolean;
  /** Asks for a person. */
  person: boolean;
  /** Of `How long ...?`, `long`. */
  dimension: string | undefined;
  /** `Red or blue?`: its words are the answers to choose from. */
  chooses: boolean;
}

const bounded =
  /^(?:\p{L}+ )?(?:under|over|above|below|after|before|beyond|past|up to|until|unter|über|ab|bis zu|sous|au-dessus de|bajo|hasta) (?:what|which|how|welch\p{L}+|wie|quel\p{L}*|qué|cuánt\p{L}*)\b/iu;
const ending =
  /\b(?:end|ends|ended|finish|finishes|finished|close|closes|closed|last day|stop|stops|until when|till when|enden|endet|wann endet|bis wann|termin\p{L}+|hasta cuándo|jusqu'à quand)\b/iu;
const beginning =
  /\b(?:begin|begins|began|start|starts|started|open|opens|opened|first day|from when|since when|beginnt|ab wann|commence\p{L}*|empieza|desde cuándo)\b/iu;

/** Whether the question says a word of `reading` already, in whatever form. */
export const isInQuestion = (item: Item, reading: Reading, asked: Asked): boolean =>
  asked.reading.items.some((word) => sameWord(item, word, reading, asked.reading));

/** Reads the last sentence that a person asked: what stands before it is context. */
export function readQuestion(text: string): Asked | undefined {
  const last = splitSentences(plainText(text)).at(-1);
  if (last === undefined) return undefined;
  const reading = readText(last, likelyGrammars(last)[0] ?? grammars[0]!);
  const { items, lexicon } = reading;
  const forbids =
    /\b(?:forbidden|prohibited|banned|barred|verboten|interdite?s?|prohibid[oa]s?|vietat[oaie])\b/iu.test(
      last,
    );
  const person = items.some(({ folded }) => lexicon.who.has(folded));
  const [ends, begins] = [ending.test(last), beginning.test(last)];
  return {
    reading,
    seeks: soughtBy(last, person, lexicon),
    bounded: bounded.test(last),
    side: ends === begins ? null : ends ? "second" : "first",
    yesOrNo: lexicon.asksYesNo.has(items.find(({ kind }) => kind === "word")?.folded ?? ""),
    person,
    dimension: items.find(({ folded }, at) => at > 0 && at < 2 && lexicon.dimensions.has(folded))?.folded,
    denies:
      forbids ||
      asksForOnce(last, lexicon.language) ||
      items.some(
        ({ folded, kind }) =>
          kind === "word" &&
          (lexicon.negators.has(folded) || lexicon.except.has(folded) || folded.endsWith("n't")),
      ),
    chooses: items.some(({ folded, kind }) => kind === "word" && lexicon.or.has(folded)),
  };
}

function soughtBy(question: string, person: boolean, { seeks }: Lexicon): Sought | null {
  if (seeks.size === 0) return null;
  const folded = foldWord(question);
  const asked = [...seeks].flatMap(([sought, pattern]) => (pattern.test(folded) ? [sought] : []));
  if (person) asked.push("who");
  return asked.length === 1 ? asked[0]! : null;
}
