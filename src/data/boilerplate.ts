import { hashText } from "./hash-index.ts";
import { itemsOf, pickList, type List } from "./list.ts";

/** Words in a row that many texts share: long enough that no ordinary phrase is one. */
const runLength = 6;
/** A run is boilerplate where at least so many texts have it, and this share of all. */
const fewestTexts = 5;
const share = 0.2;
/** What a fifth of the texts share is seen in so many of them, taken evenly. */
const mostTexts = 20_000;
/** Runs that are counted at a time. */
const mostRuns = 2_000_000;

/**
 * Takes out of a text's words what many of `texts` share word for word: the instruction before every question says nothing
 * about which questions are alike. A text that would have nothing left stays whole.
 */
export function boilerplateOf(texts: List<string[]>): (words: string[]) => string[] {
  const sample = sampled(texts);
  const least = Math.max(fewestTexts, Math.ceil(sample.length * share));
  if (sample.length < least) return (words) => words;
  const holders = new Map<number, number>();
  let seen = 0;
  for (const words of itemsOf(sample)) {
    seen++;
    for (const run of new Set(runsOf(words))) holders.set(run, (holders.get(run) ?? 0) + 1);
    if (holders.size <= mostRuns) continue;
    // Those that are well on the way stay; the others would hardly get there.
    for (const [run, count] of holders) if (count < (seen * share) / 2) holders.delete(run);
  }
  const shared = new Set([...holders].flatMap(([run, count]) => (count >= least ? [run] : [])));
  return (words) => {
    if (shared.size === 0) return words;
    const covered = words.map(() => false);
    for (const [start, run] of runsOf(words).entries()) {
      if (shared.has(run)) covered.fill(true, start, start + runLength);
    }
    const own = words.filter((_, index) => !covered[index]);
    return own.length > 0 ? own : words;
  };
}

function sampled<Item>(list: List<Item>): List<Item> {
  if (list.length <= mostTexts) return list;
  const step = list.length / mostTexts;
  return pickList(
    list,
    Array.from({ length: mostTexts }, (_, index) => Math.floor(index * step)),
  );
}

/** Hashes of all runs, each at the place of its first word. */
function runsOf(words: string[]): number[] {
  const hashes = words.map(hashText);
  const runs: number[] = [];
  for (let start = 0; start + runLength <= words.length; start++) {
    // 53 bits of two sums: among millions of runs none is taken for another.
    let [low, high] = [0x811c9dc5, 0x9e3779b1];
    for (let i = start; i < start + runLength; i++) {
      low = Math.imul(low ^ hashes[i]!, 0x85ebca6b) ^ (low >>> 13);
      high = Math.imul(high ^ hashes[i]!, 0xc2b2ae35) ^ (high >>> 16);
    }
    runs.push((high >>> 11) * 2 ** 32 + (low >>> 0));
  }
  return runs;
}
