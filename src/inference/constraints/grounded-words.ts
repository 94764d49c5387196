import { figuresOf, foldWord, grammars, languageOf, lexiconOf, type Figure } from "../../text/index.ts";

/** The words of texts, and what else says the same figures: what a grounded answer may be made of. */
export interface GroundedWords {
  /** Whether a whole word is one of the texts', or says a figure of theirs in another form. */
  has(word: string): boolean;
  /** Whether a word may yet become one. */
  begins(word: string): boolean;
  /** Whether it is a number in words (`seven`); of `one` and `first` too much else is said. */
  isNumber(word: string): boolean;
  /** Whether a capital inside of a sentence tells a name: in German it tells any noun. */
  namesAreCapital: boolean;
}

/** Letters and digits, joined by what stands inside of figures, times, codes and names. */
export const wordPattern = /[\p{L}\p{M}\p{N}\uFFFD]+(?:[.,:/'’‑–-][\p{L}\p{M}\p{N}\uFFFD]+)*/gu;

export function groundedWords(texts: readonly string[]): GroundedWords {
  const whole = texts.join("\n");
  const language = languageOf(whole);
  const grammar = grammars.find(({ code }) => code === language) ?? grammars[0]!;
  const { numbers, ordinals, scales } = lexiconOf(grammar);
  const known = new Set<string>();
  const add = (word: string): void => void known.add(fold(word));
  const values = new Set<number>();
  for (const figure of figuresOf(whole, grammar)) {
    for (const form of formsOf(figure)) add(form);
    if (figure.kind === "number") values.add(figure.value);
  }
  const inWords = new Map([...numbers, ...scales].filter(([, value]) => value >= 2));
  const valueOf = (word: string): number | undefined => {
    const parts = fold(word)
      .split(/[‑–-]/u)
      .map((part) => inWords.get(foldWord(part)));
    return parts.every((part) => part !== undefined)
      ? parts.reduce((sum, part) => sum! + part!, 0)
      : undefined;
  };
  for (const [word] of whole.matchAll(wordPattern)) {
    add(word);
    // `after-deck` names the deck; of a code, a part is another code.
    if (!/\p{N}/u.test(word) && valueOf(word) === undefined) word.split(/[.:/‑–-]/u).forEach(add);
    else if (/^[\p{N}.,:]+(?:[‑–/-][\p{N}.,:]+)+$/u.test(word)) word.split(/[‑–/-]/u).forEach(add);
  }
  for (const [word, value] of inWords) if (values.has(value) && !ordinals.has(word)) add(word);
  for (const [tens, ten] of inWords) {
    for (const [unit, one] of inWords) {
      if (ten >= 20 && ten < 100 && one < 10 && values.has(ten + one)) add(`${tens}-${unit}`);
    }
  }
  const beginnings = new Set<string>();
  for (const word of known) for (let end = 1; end <= word.length; end++) beginnings.add(word.slice(0, end));

  const has = (word: string): boolean => {
    const folded = fold(word).replace(/['’]s$/u, "");
    if (known.has(folded) || known.has(fold(word))) return true;
    const measured = withUnit.exec(folded);
    if (measured) return known.has(measured[1]!);
    // `20-25`: each end is a figure of its own.
    const ends = /^[\p{N}.,:]+(?:[‑–-][\p{N}.,:]+)+$/u.test(folded) ? folded.split(/[‑–-]/u) : [];
    return ends.length > 0 && ends.every((end) => known.has(end));
  };
  return {
    has,
    begins: (word) => beginnings.has(fold(word)),
    isNumber: (word) => valueOf(word) !== undefined,
    namesAreCapital: language !== "de",
  };
}

const fold = (word: string): string => word.normalize("NFC").toLowerCase();

/** A figure and its unit without a space: `7th`, `10am`, `5kg`. */
const withUnit = /^([\p{N}][\p{N}.,:]*)(?:am|pm|st|nd|rd|th|km|cm|mm|kg|mg|ml|min|h|m|s|g|l|c)$/u;

/** Ways to write a figure in digits. */
function formsOf(figure: Figure): string[] {
  if (figure.kind === "number") {
    if (!Number.isFinite(figure.value)) return [];
    const plain = String(Number(figure.value.toFixed(6)));
    const [units, decimals] = plain.split(".");
    const grouped = units!.replace(/\B(?=(\d{3})+$)/g, ",");
    const tail = decimals === undefined ? [""] : [`.${decimals}`, `.${decimals.padEnd(2, "0")}`];
    return tail.flatMap((part) => [units + part, grouped + part, (units + part).replace(".", ",")]);
  }
  if (figure.kind === "time") {
    const [hour, minute] = [Math.floor(figure.minutes / 60), figure.minutes % 60];
    const minutes = String(minute).padStart(2, "0");
    const hours = new Set([String(hour), String(hour).padStart(2, "0"), String(hour % 12 || 12)]);
    return [...hours].flatMap((each) => [
      `${each}:${minutes}`,
      `${each}.${minutes}`,
      ...(minute === 0 ? [each] : []),
    ]);
  }
  if (figure.kind === "date") {
    return [figure.year, figure.day].flatMap((part) => (part === null ? [] : [String(part)]));
  }
  return [figure.text];
}
