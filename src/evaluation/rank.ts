import type { ArmResult, PairwiseTest } from "../contracts/index.ts";

/** Training is spread over this many answers when arms are compared by cost. */
export const costHorizon = 10_000;

/** The arms with the highest score first; of equal ones the cheaper, then in the order of their names. */
export function rankArms(arms: readonly ArmResult[], metric: PairwiseTest["metric"]): ArmResult[] {
  const scoreOf = (arm: ArmResult) => arm.metrics[metric].value;
  return arms.toSorted(
    (a, b) => scoreOf(b) - scoreOf(a) || costOf(a) - costOf(b) || (a.name < b.name ? -1 : 1),
  );
}

/** Of 10,000 answers and the training. */
export function costOf(arm: ArmResult): number {
  return (arm.cost.per1000Answers * costHorizon) / 1000 + arm.cost.training;
}
