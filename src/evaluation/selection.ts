import type { Verdict } from "../contracts/index.ts";
import { namedRandom } from "../random/index.ts";
import type { Contestant } from "./families.ts";
import { measureOptimism } from "./statistics/optimism.ts";
import { overTrainings } from "./statistics/trainings.ts";

/** What it does to the best arm's score that it was picked on the questions that it is judged by. */
export function measureSelection(arms: readonly Contestant[], seed: number): Verdict["selection"] {
  if (arms.length < 2) return null;
  const inOrder = arms.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const scores = inOrder.map((arm) => overTrainings(arm.scores));
  return { arms: arms.length, optimism: measureOptimism(scores, namedRandom(seed, "selection")) };
}
