import { LoragError, type Example } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { findSimilarPairs, groupPairs } from "./near-duplicates.ts";
import { questionText } from "./question-text.ts";
import { randomStream, shuffle } from "../random/index.ts";

/**
 * Splits off held-out examples: `size` below 1 is a share, from 1 on a number of examples, 0 splits nothing (Axolotl's
 * `val_set_size`). Questions that are nearly the same stay on one side, and each `type` gives its share. Both sides keep
 * the order of the input; the same seed and examples give the same split. The held-out side has the size asked for
 * unless groups of near-duplicates do not fit into it. `key` is where the size comes from, for the error.
 *
 * Throws LORAG_SPLIT when the size is not one, or nothing would be left to train on, LORAG_TOO_FEW_EXAMPLES where that is
 * so for every size.
 */
export function splitExamples(
  examples: Example[],
  size: number,
  seed: number,
  key: SizeKey,
): { train: Example[]; heldOut: Example[] } {
  const wanted = countOf(size, examples.length, key);
  const heldOut = new Set<number>();
  const random = randomStream(seed);
  let owed = 0;
  for (const stratum of strata(examples)) {
    const count = stratum.flat().length;
    // What rounding left over is carried to the next stratum, so that the shares add up to `wanted`.
    owed += (count * wanted) / examples.length;
    for (const group of shuffle(stratum, random)) {
      if (group.length > Math.round(owed)) continue;
      for (const index of group) heldOut.add(index);
      owed -= group.length;
    }
  }
  return {
    train: examples.filter((_, index) => !heldOut.has(index)),
    heldOut: examples.filter((_, index) => heldOut.has(index)),
  };
}

/** Groups of near-duplicates (as indices), by the type of their first member. */
function strata(examples: Example[]): number[][][] {
  const groupOf = groupPairs(examples.length, findSimilarPairs(examples.map(questionText)));
  const groups = new Map<number, number[]>();
  for (const [index, group] of groupOf.entries()) groups.set(group, [...(groups.get(group) ?? []), index]);
  const byType = new Map<string, number[][]>();
  for (const [first, members] of groups) {
    const type = examples[first]!.type ?? "";
    byType.set(type, [...(byType.get(type) ?? []), members]);
  }
  return [...byType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stratum]) => stratum);
}

type SizeKey = "test_set_size" | "val_set_size";

const otherwise: Record<SizeKey, string> = {
  test_set_size: "name a file of held-out questions under test_datasets",
  val_set_size: "set val_set_size to 0, to train without validation",
};

function tooFew(total: number, key: SizeKey): LoragError {
  return new LoragError({
    code: "LORAG_TOO_FEW_EXAMPLES",
    kind: "data",
    message: `There ${total === 1 ? "is 1 example" : `are ${total} examples`} to split by ${key}, and a split takes at least 2`,
    next: `Add examples, or ${otherwise[key]}.`,
  });
}

function countOf(size: number, total: number, key: SizeKey): number {
  // A share held out means at least one.
  const count = size > 0 && size < 1 ? Math.max(1, Math.round(size * total)) : size;
  if (!(size >= 0) || !Number.isInteger(count) || (count >= total && total > 1)) {
    throw new LoragError({
      code: "LORAG_SPLIT",
      kind: "config",
      message: `${key} ${size} cannot be split off ${counted(total, "example")}`,
      next: "Give a share between 0 and 1 (0.1 is a tenth) or a number of examples smaller than the whole.",
    });
  }
  // Of so few, no size leaves something to train on: it is not the size that is wrong.
  if (count >= total) throw tooFew(total, key);
  return count;
}
