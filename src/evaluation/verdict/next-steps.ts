import type { ArmResult, PairwiseTest } from "../../contracts/index.ts";
import { list, percent } from "../../text/index.ts";
import { groupFailures } from "./group-failures.ts";
import type { Evidence, Standing } from "./standing.ts";

/** What to do now. */
export function writeNextSteps(standing: Standing, evidence: Evidence): string[] {
  const { outcome, ranked, choose, questions, duels, floor } = standing;
  const settled = outcome === "none" && floor?.test.significant === true;
  const recall = Math.max(...ranked.map((arm) => arm.retrieval?.recall?.value ?? -1));
  const ties = duels.filter((duel) => !duel.significant);
  const next: string[] = [];
  for (const { names, error } of groupFailures(evidence.arms)) next.push(`Repair ${names}: ${error.next}`);
  if (choose !== null)
    next.push(
      floor === null || floor.test.significant
        ? `Use ${choose.name}, and read the questions that it got wrong in the report before you rely on it.`
        : `Read the answers of ${choose.name} in the report, and do not rely on it until it is shown to beat ${floor.floor.name}.`,
    );
  if (outcome === "no clear winner" && ties.length > 0) next.push(...questionsNeeded(ties));
  else if (questions > 0 && questions < 100 && !settled)
    next.push("Add held-out questions, to 100 at least, for a firmer verdict.");
  if (recall >= 0 && recall < 0.8)
    next.push(
      `Look at retrieval: the passages shown hold only ${percent(recall)} of the documents that bear the answers. Try more passages (\`top_k\`) or smaller ones.`,
    );
  next.push(...adviseLonger(ranked), ...ranked.flatMap(({ curve }) => curve?.words ?? []));
  if (outcome === "none" && ranked.length > 0) {
    const examples = ranked.some(({ training }) => training !== null)
      ? "more training examples"
      : "training examples and a tuned arm";
    next.push(`Try a larger base model or ${examples}; keep the simple method until an arm beats it.`);
  }
  return next;
}

/** Adapters whose validation loss fell to the end, over the last tenth of the steps, have not shown yet what they can do. */
function adviseLonger(ranked: readonly ArmResult[]): string[] {
  const unfinished = ranked.filter(({ training }) => {
    const measured = (training?.losses ?? []).filter(({ validation }) => validation !== null);
    const last = measured.at(-1);
    const before = measured.findLast(({ step }) => last && step <= 0.9 * last.step);
    if (!last || !before) return false;
    const lowest = Math.min(...measured.map(({ validation }) => validation!));
    return last.validation! < before.validation! * 0.98 && last.validation === lowest;
  });
  if (unfinished.length === 0) return [];
  const names = list(unfinished.map(({ name }) => name));
  return [
    `Train longer (\`num_epochs\`, \`max_steps\`): the validation loss of ${names} was still falling when the training ended.`,
  ];
}

/** For the pair that is nearest to an answer. */
function questionsNeeded(ties: readonly PairwiseTest[]): string[] {
  const open = ties.filter(({ equal }) => !equal);
  const [first] = open.toSorted((a, b) => (a.needed ?? Infinity) - (b.needed ?? Infinity));
  if (first === undefined) return [];
  const { a, b, needed, n } = first;
  if (needed === null) return [`${a} and ${b} cannot be told apart by any reasonable number of questions.`];
  const rounded = Math.max(Math.ceil(needed / 10) * 10, Math.ceil((n + 1) / 10) * 10);
  return [
    `To tell ${a} from ${b}, or to see that they are equal to within 5 points, hold out about ${rounded.toLocaleString("en-GB")} questions.`,
  ];
}
