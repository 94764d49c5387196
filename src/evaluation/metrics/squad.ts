const asciiPunctuation = /[!-/:-@[-`{-~]/g;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

/**
 * SQuAD's normalisation (Rajpurkar et al., 2016): lower case, no ASCII punctuation, no `a`, `an`, `the`, single spaces.
 * The articles are English. In a language that has none it changes nothing, unless a word there is spelt like one
 * (Portuguese `a`); it is applied to gold and answer alike.
 */
export function normaliseSquad(text: string): string {
  const bare = text.normalize("NFC").toLowerCase().replace(asciiPunctuation, "");
  return bare
    .replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, " ")
    .trim()
    .split(/\s+/u)
    .join(" ");
}

/** What is compared is never empty: of an article or a symbol alone, the text as it stands. */
const comparable = (text: string): string =>
  normaliseSquad(text) || text.normalize("NFC").toLowerCase().trim().split(/\s+/u).join(" ");

/** Words by space; a character each in scripts that put no spaces between words. */
function squadTokens(text: string): string[] {
  return comparable(text)
    .replace(unspaced, " $& ")
    .split(/\s+/u)
    .filter((token) => token !== "");
}

/** 1 if the answer is one of the golds after SQuAD's normalisation. */
export function exactMatch(answer: string, golds: readonly string[]): 0 | 1 {
  const normalised = comparable(answer);
  return golds.some((gold) => comparable(gold) === normalised) ? 1 : 0;
}

/** Harmonic mean of precision and recall over bags of tokens; the best over the golds. */
export function tokenF1(answer: string, golds: readonly string[]): number {
  const tokens = squadTokens(answer);
  return Math.max(...golds.map((gold) => bagF1(tokens, squadTokens(gold))));
}

function bagF1(answer: string[], gold: string[]): number {
  if (answer.length === 0 || gold.length === 0) return answer.length === gold.length ? 1 : 0;
  const left = countTokens(gold);
  let common = 0;
  for (const token of answer) {
    const remaining = left.get(token) ?? 0;
    if (remaining > 0) {
      common++;
      left.set(token, remaining - 1);
    }
  }
  return (2 * common) / (answer.length + gold.length);
}

function countTokens(tokens: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}
