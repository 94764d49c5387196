import type { Example, Message } from "../contracts/index.ts";
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
  conflicts: { ids: string[]; question: string }[];
}

/**
 * Drops repeated examples, keeping the first of each. Questions that are merely alike stay when their answers differ:
 * `fare for a child` and `fare for an adult` are two questions.
 */
export function cleanExamples(examples: Example[]): { examples: Example[]; report: CleanReport } {
  const exact: CleanReport["exact"] = [];
  const near: CleanReport["near"] = [];
  const dropped = new Set<number>();
  const answers = examples.map(answerKey);
  const pairs = findSimilarPairs(examples.map(questionText));
  const sameQuestion = pairs.filter((pair) => pair.similarity === 1);

  // Copies of one question, answer by answer.
  const copies = new Map<string, number>();
  for (const [index, group] of groupPairs(examples.length, sameQuestion).entries()) {
    const key = `${group} ${answers[index]}`;
    const first = copies.get(key);
    if (first === undefined) copies.set(key, index);
    else {
      dropped.add(index);
      exact.push({ dropped: examples[index]!.id, keptAs: examples[first]!.id });
    }
  }
  for (const { left, right, similarity } of pairs) {
    if (similarity === 1 || dropped.has(left) || dropped.has(right)) continue;
    if (answers[left] !== answers[right]) continue;
    dropped.add(right);
    near.push({ dropped: examples[right]!.id, keptAs: examples[left]!.id, similarity });
  }
  const kept = examples.filter((_, index) => !dropped.has(index));
  return {
    examples: kept,
    report: { kept: kept.length, exact, near, conflicts: findConflicts(examples, sameQuestion, dropped) },
  };
}

/** Under other instructions, or beside another answer that it is preferred to, an answer is not a copy. */
const answerKey = ({ prompt, completion, rejected = "" }: Example): string =>
  JSON.stringify([instructionsOf(prompt), normalise(completion), normalise(rejected)]);

const instructionsOf = (prompt: Message[]): string[] =>
  prompt.filter(({ role }) => role === "system").map(({ content }) => normalise(content));

/** One question, under one system message, with several answers. Preferences have several by nature. */
function findConflicts(
  examples: Example[],
  sameQuestion: { left: number; right: number }[],
  dropped: Set<number>,
): CleanReport["conflicts"] {
  const groups = new Map<string, Example[]>();
  for (const [index, group] of groupPairs(examples.length, sameQuestion).entries()) {
    const example = examples[index]!;
    if (dropped.has(index) || example.rejected !== undefined) continue;
    const key = JSON.stringify([group, instructionsOf(example.prompt)]);
    groups.set(key, [...(groups.get(key) ?? []), example]);
  }
  return [...groups.values()]
    .filter((members) => members.length > 1)
    .map((members) => ({ ids: members.map(({ id }) => id), question: questionText(members[0]!) }));
}
