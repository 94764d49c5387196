import type { Results, RunChange, RunComparison } from "../contracts/index.ts";
import { mcnemarExact } from "./statistics/mcnemar.ts";

/** What changed from one run to a later one, arm by arm over the questions that both asked, and whether it is chance. */
export function compareRuns(before: Results, after: Results): RunComparison {
  const earlier = new Map(before.questions.map((question) => [question.id, question]));
  const shared = after.questions.flatMap((question) => {
    const old = earlier.get(question.id);
    // A question whose gold changed is another one.
    return old && old.gold === question.gold ? [{ question, old }] : [];
  });
  const names = after.arms.flatMap((arm) =>
    arm.status === "ok" && before.arms.some((old) => old.name === arm.name && old.status === "ok")
      ? [arm.name]
      : [],
  );
  const changes: RunChange[] = [];
  const arms = names.map((name) => {
    const counts = { before: 0, after: 0, gained: 0, lost: 0, n: 0 };
    for (const { question, old } of shared) {
      const [was, is] = [old.arms[name], question.arms[name]];
      if (!was || !is) continue;
      const [wasRight, isRight] = [was.scores.correct === 1, is.scores.correct === 1];
      counts.n++;
      if (wasRight) counts.before++;
      if (isRight) counts.after++;
      if (isRight && !wasRight) counts.gained++;
      if (wasRight && !isRight) counts.lost++;
      if (wasRight !== isRight) {
        changes.push({ id: question.id, arm: name, before: was.text, after: is.text, isRight });
      }
    }
    const p = mcnemarExact(counts.gained, counts.lost);
    return { name, ...counts, p, isChance: p >= 0.05 };
  });
  return {
    shared: shared.length,
    onlyBefore: before.questions.length - shared.length,
    onlyAfter: after.questions.length - shared.length,
    arms,
    changes,
  };
}
