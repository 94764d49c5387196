import type { Example, Message } from "../contracts/index.ts";
import { createExcerpt } from "./excerpt.ts";
import { mapList, type List } from "./list.ts";
import { findSimilarPairs, groupPairs } from "./near-duplicates.ts";
import { normalise } from "./normalise.ts";
import { questionText } from "./question-text.ts";

export interface CleanReport {
  /** Examples left. */
  kept: number;
  /** Dropped: same question and same answer as an earlier example, case and punctuation aside. */
  exact: { dropped: string; keptAs: string }[];
  /** Dropped: nearly the same question as an earlier example, and the same answer. */
  near: { dropped: string; keptAs: string; similarity: number }[];
  /** Kept, but worth a look: one question with different answers. */
  conflicts: { ids: string[]; excerpt: string }[];
}

/** The same by the places of examples that need not be in memory. */
export interface Repeats {
  dropped: Set<number>;
  exact: { dropped: number; keptAs: number }[];
  near: { dropped: number; keptAs: number; similarity: number }[];
  conflicts: number[][];
}

/**
 * Drops repeated examples, keeping the first of each. Questions that are merely alike stay when their answers differ:
 * `fare for a child` and `fare for an adult` are two questions.
 */
export function cleanExamples(examples: Example[]): { examples: Example[]; report: CleanReport } {
  const { dropped, exact, near, conflicts } = findRepeats(examples);
  const id = (index: number): string => examples[index]!.id;
  const kept = examples.filter((_, index) => !dropped.has(index));
  const excerpt = createExcerpt(mapList(examples, questionText));
  const report: CleanReport = {
    kept: kept.length,
    exact: exact.map((pair) => ({ dropped: id(pair.dropped), keptAs: id(pair.keptAs) })),
    near: near.map((pair) => ({ ...pair, dropped: id(pair.dropped), keptAs: id(pair.keptAs) })),
    conflicts: conflicts.map((group) => ({
      ids: group.map(id),
      excerpt: excerpt(questionText(examples[group[0]!]!), 80),
    })),
  };
  return { examples: kept, report };
}

/** Which examples repeat others, and which answer one question in several ways. */
export function findRepeats(examples: List<Example>): Repeats {
  const exact: Repeats["exact"] = [];
  const near: Repeats["near"] = [];
  const dropped = new Set<number>();
  const pairs = findSimilarPairs(mapList(examples, questionText));
  const sameQuestion = pairs.filter((pair) => pair.similarity === 1);
  const groups = groupsOf(examples.length, sameQuestion);
  const keyOf = (index: number): string => answerKey(examples.at(index)!);

  // Copies of one question, answer by answer.
  for (const group of groups) {
    const copies = new Map<string, number>();
    for (const index of group) {
      const key = keyOf(index);
      const first = copies.get(key);
      if (first === undefined) copies.set(key, index);
      else {
        dropped.add(index);
        exact.push({ dropped: index, keptAs: first });
      }
    }
  }
  for (const { left, right, similarity } of pairs) {
    if (similarity === 1 || dropped.has(left) || dropped.has(right)) continue;
    if (keyOf(left) !== keyOf(right)) continue;
    dropped.add(right);
    near.push({ dropped: right, keptAs: left, similarity });
  }
  return { dropped, exact, near, conflicts: findConflicts(examples, groups, dropped) };
}

/** Places that belong together, ascending; those that are alone are left out. */
function groupsOf(count: number, pairs: { left: number; right: number }[]): number[][] {
  if (pairs.length === 0) return [];
  const groups = new Map<number, number[]>();
  for (const [index, group] of groupPairs(count, pairs).entries()) {
    if (index === group) continue;
    const members = groups.get(group);
    if (members) members.push(index);
    else groups.set(group, [group, index]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, members]) => members);
}

/** Under other instructions, or beside another answer that it is preferred to, an answer is not a copy. */
const answerKey = ({ prompt, completion, rejected = "" }: Example): string =>
  JSON.stringify([instructionsOf(prompt), normalise(completion), normalise(rejected)]);

const instructionsOf = (prompt: Message[]): string[] =>
  prompt.filter(({ role }) => role === "system").map(({ content }) => normalise(content));

/** One question, under one system message, with several answers. Preferences have several by nature. */
function findConflicts(
  examples: List<Example>,
  sameQuestion: number[][],
  dropped: Set<number>,
): Repeats["conflicts"] {
  return sameQuestion.flatMap((group) => {
    const bySystem = new Map<string, number[]>();
    for (const index of group.filter((member) => !dropped.has(member))) {
      const { prompt, rejected } = examples.at(index)!;
      if (rejected !== undefined) continue;
      const key = JSON.stringify(instructionsOf(prompt));
      bySystem.set(key, [...(bySystem.get(key) ?? []), index]);
    }
    return [...bySystem.values()].filter((members) => members.length > 1);
  });
}
