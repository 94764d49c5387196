import type { Reading } from "../../text/index.ts";
import { isContent, type Content } from "./content.ts";
import type { Asked } from "./question.ts";
import { sameWord } from "./same-word.ts";

export type Polarity = "yes" | "no";

/** `yes` or `no` where that is what a text opens with; `No more than 25`, `No. 14` and `No dogs` have neither. */
export function opensWith({ items, text, lexicon }: Reading): Polarity | "both" | null {
  const at = items.findIndex((item) => item.kind !== "mark");
  const first = items[at];
  if (first?.kind !== "word") return null;
  const polarity = polarityAt(items, at, lexicon);
  if (polarity === null || /^\.? ?\d/u.test(text.slice(first.end))) return null;
  const rest = items.slice(at + 1).find((item) => item.kind === "word");
  const second = items
    .slice(at + 1, at + 4)
    .findIndex((item) => lexicon.and.has(item.folded) || lexicon.or.has(item.folded));
  if (second >= 0 && polarityAt(items, at + second + 2, lexicon) !== null) return "both";
  if (lexicon.language.code !== "en" || polarity === "yes") return polarity;
  const after = text.slice(first.end);
  return /^\s*(?:[,;:!-]|\.(?!\s*\d)|$)/u.test(after) ||
    /^(?:it|they|he|she|there|you|we|i|this|that|these|those)$/u.test(rest?.folded ?? "")
    ? "no"
    : null;
}

function polarityAt(
  items: Reading["items"],
  at: number,
  { yes, no, language }: Reading["lexicon"],
): Polarity | null {
  const item = items[at];
  if (item === undefined) return null;
  if (!language.unspaced) return no.has(item.folded) ? "no" : yes.has(item.folded) ? "yes" : null;
  // `不是` may be read as two words; `不允许` opens with neither yes nor no.
  for (const length of [3, 2, 1]) {
    const word = items
      .slice(at, at + length)
      .map((each) => each.folded)
      .join("");
    const next = items[at + length];
    if (next !== undefined && next.kind !== "mark" && !/^(?:的|了|です|ครับ|ค่ะ)$/u.test(next.text)) continue;
    if (no.has(word)) return "no";
    if (yes.has(word)) return "yes";
  }
  return null;
}

const affirms =
  /^(?:correct|true|right|indeed|of course|certainly|absolutely|definitely|sure|affirmative|that's right|that is right|exactly)\b/iu;
const denies =
  /^(?:incorrect|false|wrong|never|negative|(?:nobody|no one|none)(?! knows)|not (?:at all|allowed|permitted|possible|true|really|required|necessary)|by no means|under no circumstances)\b/iu;
const statement =
  /^(?:it|they|he|she|you|we|i|this|that|these|those|there|one)(?:'s|'re)? ?(?:is|are|was|were|can|may|do|does|did|will|must|should|has|have|could|would|might)?(?:n't|not|\b)/iu;
const plainYes =
  /^(?:it|they|he|she|you|we|i|this|that|these|those|there|one) (?:is|are|was|were|can|may|do|does|did|will|must|should|has|have)(?: be)?(?: (?:allowed|permitted|possible|true|correct|required|included|free))?[.!]?$/iu;

/** What an answer without `yes` or `no` says of a question that asks for one: `It is not allowed.` */
export function impliedPolarity(text: string, deniesSomething: boolean): Polarity | null {
  if (affirms.test(text)) return "yes";
  if (denies.test(text)) return "no";
  if (statement.test(text) && deniesSomething) return "no";
  return plainYes.test(text.trim()) ? "yes" : null;
}

/** What hedges a statement: it is neither yes nor no to a plain question. */
const conditional =
  /(?<!\p{L})(?:only|if|unless|except|but|sometimes|depends|nur|wenn|falls|ausser|außer|aber|alleen|als|maar|behalve)(?!\p{L})/iu;

/** What a statement in the question's own words says of it: `Breakfast is not included` of `Is breakfast included?` */
export function statedPolarity({ reading, denied }: Content, asked: Asked | undefined): Polarity | null {
  if (!asked?.yesOrNo || asked.chooses || conditional.test(reading.text)) return null;
  const words = asked.reading.items.filter(
    (item) => item.kind === "word" && isContent(item, asked.reading.lexicon),
  );
  const said = words.flatMap((word) => {
    const same = reading.items.filter((item) => sameWord(word, item, asked.reading, reading));
    return same.length > 0 ? [same] : [];
  });
  if (words.length === 0 || said.length < words.length) return null;
  const isDenied = said.some((items) => items.some((item) => denied.has(item)));
  return isDenied === asked.denies ? "yes" : "no";
}
