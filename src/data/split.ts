import { LoragError, type Example } from "../contracts/index.ts";
import { randomStream, shuffle } from "../random/index.ts";
import { counted } from "../text/index.ts";
import { findSimilarPairs, groupPairs } from "./near-duplicates.ts";
import { questionText } from "./question-text.ts";

/** How examples are held out: `type` takes each type's share, `group` keeps what has one value of `key` together, `time` takes the newest. */
export interface SplitBy {
  by: "type" | "random" | "group" | "time";
  /** A key of `metadata`, or `documents` for the first document; of `group` and `time`. */
  key?: string | undefined;
}

/**
 * Splits off held-out examples: `size` below 1 is a share, from 1 on a number of examples, 0 splits nothing (Axolotl's
 * `val_set_size`). Questions that are nearly the same stay on one side. Both sides keep the order of the input; the same
 * seed and examples give the same split. The held-out side has the size asked for unless groups do not fit into it.
 * `sizeKey` is where the size comes from, for the error.
 *
 * Throws LORAG_SPLIT when the size is not one, nothing would be left to train on, or an example has no value to split by;
 * LORAG_TOO_FEW_EXAMPLES where that is so for every size.
 */
export function splitExamples(
  examples: Example[],
  size: number,
  seed: number,
  sizeKey: SizeKey,
  splitBy: SplitBy = { by: "type" },
): { train: Example[]; heldOut: Example[] } {
  const wanted = countOf(size, examples.length, sizeKey);
  const heldOut =
    splitBy.by === "time" ? newest(examples, wanted, splitBy) : drawn(examples, wanted, seed, splitBy);
  return {
    train: examples.filter((_, index) => !heldOut.has(index)),
    heldOut: examples.filter((_, index) => heldOut.has(index)),
  };
}

function drawn(examples: Example[], wanted: number, seed: number, splitBy: SplitBy): Set<number> {
  const heldOut = new Set<number>();
  const random = randomStream(seed);
  let owed = 0;
  for (const stratum of strata(examples, splitBy)) {
    const count = stratum.flat().length;
    // What rounding left over is carried to the next stratum, so that the shares add up to `wanted`.
    owed += (count * wanted) / examples.length;
    for (const group of shuffle(stratum, random)) {
      if (group.length > Math.round(owed)) continue;
      for (const index of group) heldOut.add(index);
      owed -= group.length;
    }
  }
  return heldOut;
}

/** Groups that stay together (as indices), by the type of their first member where each type gives its share. */
function strata(examples: Example[], splitBy: SplitBy): number[][][] {
  const pairs: { left: number; right: number }[] = findSimilarPairs(examples.map(questionText));
  if (splitBy.by === "group") {
    const firstOf = new Map<unknown, number>();
    for (const [index, value] of valuesOf(examples, splitBy).entries()) {
      const first = firstOf.get(value);
      if (first === undefined) firstOf.set(value, index);
      else pairs.push({ left: first, right: index });
    }
  }
  const groups = new Map<number, number[]>();
  for (const [index, group] of groupPairs(examples.length, pairs).entries()) {
    groups.set(group, [...(groups.get(group) ?? []), index]);
  }
  if (splitBy.by !== "type") return [[...groups.values()]];
  const byType = new Map<string, number[][]>();
  for (const [first, members] of groups) {
    const type = examples[first]!.type ?? "";
    byType.set(type, [...(byType.get(type) ?? []), members]);
  }
  return [...byType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stratum]) => stratum);
}

/** Of examples of one time, those that stand last are the newest. */
function newest(examples: Example[], wanted: number, splitBy: SplitBy): Set<number> {
  const times = valuesOf(examples, splitBy).map((value, index) => {
    const time = typeof value === "number" ? value : Date.parse(String(value));
    if (Number.isNaN(time)) {
      throw unsplittable(
        `${examples[index]!.id} has ${splitBy.key} ${JSON.stringify(value)}, which is no time`,
        "Write times as 2024-03-12, or as numbers.",
      );
    }
    return time;
  });
  const order = times.map((_, index) => index).sort((a, b) => times[a]! - times[b]! || a - b);
  return new Set(order.slice(order.length - wanted));
}

/** What each example is split by. */
function valuesOf(examples: Example[], { by, key }: SplitBy): unknown[] {
  if (key === undefined) {
    throw unsplittable(
      `split_by is ${by}, and split_key does not say which key of metadata it is`,
      "Set split_key, for example to customer.",
    );
  }
  const values = examples.map((example) =>
    key === "documents" ? example.documents?.[0] : key === "type" ? example.type : example.metadata?.[key],
  );
  const without = examples.filter((_, index) => (values[index] ?? undefined) === undefined);
  if (without.length === 0) return values;
  throw unsplittable(
    `${counted(without.length, "example has", "examples have")} no ${key} under metadata to split by: ${without
      .slice(0, 3)
      .map(({ id }) => id)
      .join(", ")}`,
    `Write "metadata": {"${key}": ...} into each, or set split_by to type or random.`,
  );
}

function unsplittable(message: string, next: string): LoragError {
  return new LoragError({ code: "LORAG_SPLIT", kind: "data", message, next });
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
