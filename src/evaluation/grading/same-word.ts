import { foldWord, stemByLanguage, verbOf, type Item, type Reading } from "../../text/index.ts";

/** Every way that a word of the gold may be written in an answer. */
export function keysOf(item: Item, { lexicon }: Reading): Set<string> {
  const { folded, text } = item;
  const umlauts = foldWord(
    text.replace(/[äöü]/giu, (letter) => ({ ä: "ae", ö: "oe", ü: "ue" })[letter.toLowerCase()]!),
  );
  const whole = fullWords[folded] ?? eras[text] ?? [];
  const verb = lexicon.language.code === "en" ? (verbOf.get(folded) ?? []) : [];
  const forms = [folded, umlauts, folded.replace(elided, ""), ...whole, verb]
    .flat()
    .map((form) => form.replace(/'s?$/u, ""));
  return new Set(
    forms.flatMap((form) => [
      form,
      form.length > 3 ? stemByLanguage(british(form), lexicon.language.code) : form,
    ]),
  );
}

/** `l'eau`, `dell'acqua`; no `o'clock` and no `d'Artagnan`, which is a name in whole. */
const elided = /^(?:l|d|qu|dell|all|nell|sull|dall|un)'(?=\p{L})/u;

/** What a word of a name may be short for. */
const fullWords: Record<string, string[]> = {
  st: ["saint", "street"],
  mt: ["mount", "mountain"],
  ft: ["fort"],
  corp: ["corporation"],
  inc: ["incorporated"],
  ltd: ["limited"],
  co: ["company"],
  bros: ["brothers"],
  univ: ["university"],
  dept: ["department"],
  ave: ["avenue"],
  blvd: ["boulevard"],
  rd: ["road"],
  dr: ["doctor"],
  prof: ["professor"],
  capt: ["captain"],
  gen: ["general"],
  gov: ["governor"],
  vs: ["versus"],
  children: ["child"],
  men: ["man"],
  women: ["woman"],
  people: ["person"],
  mice: ["mouse"],
  teeth: ["tooth"],
  geese: ["goose"],
  wives: ["wife"],
  knives: ["knife"],
  lives: ["life"],
  oxen: ["ox"],
  bike: ["bicycle"],
  phone: ["telephone"],
  photo: ["photograph"],
  fridge: ["refrigerator"],
  exam: ["examination"],
  length: ["long"],
  height: ["high"],
  width: ["wide"],
  depth: ["deep"],
  jr: ["junior"],
  sr: ["senior"],
};
const eras: Record<string, string[]> = { BCE: ["bc"], CE: ["ad"] };

/** One spelling where British and American English have two. */
const british = (word: string): string =>
  word
    .replace(/(?<=\p{L}{2})is(?=ations?$|e[sdr]?$|ing$)/u, "iz")
    .replace(/(?<=\p{L}{2})our(?=s$|ed$|ing$|ful$|ite$|$)/u, "or")
    .replace(/(?<=\p{L}{2}[^aeiou])re$/u, "er")
    .replace(/(?<=\p{L})ogue$/u, "og")
    .replace(/(?<=\p{L}{2})ence$/u, "ense")
    .replace(/(?<=\p{L}{2})ll(?=ed$|ing$|er$)/u, "l")
    .replace(/^grey$/u, "gray");

/** Whether an answer has a word of the gold: itself, inflected, an initial for a name, a name for its initial. */
export function sameWord(gold: Item, said: Item, goldReading: Reading, saidReading: Reading): boolean {
  if (said.kind !== "word") return false;
  const keys = keysOf(gold, goldReading);
  if ([...keysOf(said, saidReading)].some((key) => keys.has(key))) return true;
  if (isInitial(gold) || isInitial(said))
    return (
      gold.folded[0] === said.folded[0] && isName(gold) && isName(said) && isInitial(gold) !== isInitial(said)
    );
  return false;
}

const isName = (item: Item): boolean => /^\p{Lu}(?:\.?$|\p{Ll})/u.test(item.text);

export const isInitial = (item: Item): boolean => item.kind === "word" && /^\p{Lu}\.?$/u.test(item.text);

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;

/** Where the words run together, or carry their endings (Korean), a word is held if its letters stand there. */
export function standsIn(gold: Item, said: Reading): Item | undefined {
  if (!unspaced.test(gold.text)) return undefined;
  const at = said.text.indexOf(gold.text);
  return at < 0 ? undefined : said.items.find((item) => item.end > at && item.start < at + gold.text.length);
}

/** `WHO` for World Health Organization: the initials of names in a row. */
export function isAcronymOf(said: Item, names: readonly Item[]): boolean {
  const letters = said.text.replace(/[^\p{L}]/gu, "");
  return (
    names.length > 1 &&
    /^\p{Lu}{2,}$/u.test(letters) &&
    names.every((name) => /^\p{Lu}/u.test(name.text)) &&
    names.map((name) => name.folded[0]).join("") === letters.toLowerCase()
  );
}

/** `II` is 2. */
export function romanValue(item: Item): number | undefined {
  if (
    item.kind !== "word" ||
    !/^(?=[IVX]{1,6}$)X{0,3}(?:IX|IV|V?I{0,3})$/u.test(item.text) ||
    item.text === "I"
  )
    return undefined;
  const values = [...item.text].map((letter) => ({ I: 1, V: 5, X: 10 })[letter]!);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}
