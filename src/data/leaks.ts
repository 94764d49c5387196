import { LoragError, type Example } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { createExcerpt } from "./excerpt.ts";
import { joinLists, mapList, type List } from "./list.ts";
import { findSimilarPairs } from "./near-duplicates.ts";
import { questionText } from "./question-text.ts";

/** A training question that is asked again among those held out. `similarity` 1: the same words. */
export interface Leak {
  trainId: string;
  heldOutId: string;
  /** The beginning of what tells the training question from the others. */
  excerpt: string;
  similarity: number;
}

/** Training questions that are the same as a held-out question (1), or at least 0.8 alike; most alike first. */
export function findLeaks(train: List<Example>, heldOut: List<Example>): Leak[] {
  if (train.length === 0 || heldOut.length === 0) return [];
  const both = joinLists([heldOut, train]);
  const inTraining = (index: number): boolean => index >= heldOut.length;
  const pairs = findSimilarPairs(mapList(both, questionText));
  // Copies are paired with the first copy only, so what holds for a training question is passed on to its copies.
  const copiesOf = new Map<number, number[]>();
  for (const { left, right, similarity } of pairs) {
    if (similarity < 1 || !inTraining(left)) continue;
    const copies = copiesOf.get(left);
    if (copies) copies.push(right);
    else copiesOf.set(left, [right]);
  }
  const excerpt = createExcerpt(mapList(both, questionText));
  const leaks: Leak[] = [];
  for (const { left, right, similarity } of pairs) {
    if (inTraining(left) || !inTraining(right)) continue;
    for (const index of [right, ...(copiesOf.get(right) ?? [])]) {
      const { id: trainId } = both.at(index)!;
      leaks.push({
        trainId,
        heldOutId: both.at(left)!.id,
        excerpt: excerpt(questionText(both.at(index)!), 100),
        similarity,
      });
    }
  }
  return leaks.sort((a, b) => b.similarity - a.similarity);
}

/** `train` without the leaking examples. */
export function removeLeaks(train: Example[], leaks: Leak[]): Example[] {
  const leaking = new Set(leaks.map((leak) => leak.trainId));
  return train.filter((example) => !leaking.has(example.id));
}

/** Throws LORAG_LEAK where a held-out question is asked word for word in training. */
export function refuseLeaks(leaks: Leak[], names: { train: string; heldOut: string }): void {
  const same = leaks.filter((leak) => leak.similarity === 1);
  if (same.length === 0) return;
  const shown = same.slice(0, 5).map((leak) => `\n  ${leak.trainId} and ${leak.heldOutId}: ${leak.excerpt}`);
  const of = counted(
    same.length,
    `training question of ${names.train} is`,
    `training questions of ${names.train} are`,
  );
  throw new LoragError({
    code: "LORAG_LEAK",
    kind: "data",
    message: `${of} asked again in ${names.heldOut}:${shown.join("")}`,
    next: "Delete them from one of the two files (the report of `lorag data check` lists them all): a comparison on questions seen in training proves nothing.",
  });
}
