import type { ArmOutcome, EvaluationInput, FinishedArm } from "./input.ts";
import { mean } from "./statistics/quantile.ts";

/** The model that an arm answers with. */
export function modelOf(arm: ArmOutcome, { run }: EvaluationInput): string {
  return arm.model ?? run.models.base;
}

/**
 * By arm, the one that it is tested against: what it says itself; else the arm of the same model with nothing added, else
 * the first arm. Null for one that would be its own.
 */
export function findBaselines(input: EvaluationInput): Map<string, string | null> {
  const finished = input.arms.filter((arm) => arm.status === "ok");
  const plain = new Map(
    [...new Set(finished.map((arm) => modelOf(arm, input)))].map((model) => [
      model,
      findPlain(finished.filter((arm) => modelOf(arm, input) === model)),
    ]),
  );
  return new Map(
    finished.map((arm) => {
      const baseline = arm.baseline ?? plain.get(modelOf(arm, input)) ?? input.arms[0]!.name;
      return [arm.name, baseline === arm.name ? null : baseline];
    }),
  );
}

/** Not trained, shown no passages, and with the shortest prompts. */
function findPlain(arms: readonly FinishedArm[]): string | undefined {
  const promptTokens = ({ answers }: FinishedArm) =>
    mean(Object.values(answers).map(({ usage }) => usage.promptTokens));
  return arms
    .filter(({ training }) => training === undefined)
    .filter(({ answers }) => Object.values(answers).every(({ hits }) => hits.length === 0))
    .toSorted((a, b) => promptTokens(a) - promptTokens(b) || (a.name < b.name ? -1 : 1))[0]?.name;
}
