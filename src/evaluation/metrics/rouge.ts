/** rouge-score's default tokens: lower-case runs of ASCII letters and digits. */
function asciiTokens(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/**
 * The same idea for every script, for golds that the ASCII tokens would empty or break up: words, a character each where
 * no spaces stand between them, and symbols where there is nothing else.
 */
function unicodeTokens(text: string): string[] {
  const composed = text.normalize("NFC").toLowerCase();
  return composed.match(tokens) ?? composed.match(/\S/gu) ?? [];
}

const tokens =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}])[\p{L}\p{M}\p{N}])+/gu;

/**
 * ROUGE-L F-measure (Lin, 2004): longest common subsequence of tokens, best over the golds. The same figure as
 * rouge-score without stemmer; a gold with letters outside ASCII is compared by Unicode words instead.
 */
export function rougeL(answer: string, golds: readonly string[]): number {
  return Math.max(
    ...golds.map((gold) => {
      const isAscii = !/[^\p{ASCII}\P{L}]/u.test(gold) && /[a-z0-9]/iu.test(gold);
      const tokensOf = isAscii ? asciiTokens : unicodeTokens;
      return lcsF(tokensOf(answer), tokensOf(gold));
    }),
  );
}

function lcsF(answer: string[], gold: string[]): number {
  const common = longestCommonSubsequence(answer, gold);
  return common === 0 ? 0 : (2 * common) / (answer.length + gold.length);
}

function longestCommonSubsequence(a: string[], b: string[]): number {
  // lengths[j]: of the longest common subsequence of what is read of `a` and of the first j tokens of `b`.
  const lengths = new Uint32Array(b.length + 1);
  for (const token of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = lengths[j]!;
      lengths[j] = token === b[j - 1] ? diagonal + 1 : Math.max(above, lengths[j - 1]!);
      diagonal = above;
    }
  }
  return lengths[b.length]!;
}
