/** Words in a row that many texts share: long enough that no ordinary phrase is one. */
const runLength = 6;
/** A run is boilerplate where at least so many texts have it, and this share of all. */
const fewestTexts = 5;
const share = 0.2;

/**
 * Texts, as words, without what many of them share word for word: the instruction before every question says nothing
 * about which questions are alike. A text that would have nothing left stays whole.
 */
export function dropBoilerplate(texts: string[][]): string[][] {
  const least = Math.max(fewestTexts, Math.ceil(texts.length * share));
  if (texts.length < least) return texts;
  const holders = new Map<string, number>();
  for (const words of texts) {
    for (const run of new Set(runsOf(words))) holders.set(run, (holders.get(run) ?? 0) + 1);
  }
  return texts.map((words) => {
    const covered = words.map(() => false);
    for (const [start, run] of runsOf(words).entries()) {
      if (holders.get(run)! >= least) covered.fill(true, start, start + runLength);
    }
    const own = words.filter((_, index) => !covered[index]);
    return own.length > 0 ? own : words;
  });
}

function runsOf(words: string[]): string[] {
  const runs: string[] = [];
  for (let end = runLength; end <= words.length; end++)
    runs.push(words.slice(end - runLength, end).join(" "));
  return runs;
}
