import type { ArmResult, ArmSummary, Floor, PairwiseTest, Prices, Verdict } from "../contracts/index.ts";
import { swapSides } from "./compare.ts";
import type { Task } from "./metrics/task.ts";

export interface Evidence {
  arms: readonly ArmSummary[];
  floors: readonly Floor[];
  tests: readonly PairwiseTest[];
  task: Task;
  prices: Prices;
}

/** Where the arms stand on the primary metric: what the words of the verdict are made from. */
export interface Standing {
  outcome: Verdict["outcome"];
  /** Finished arms, best first. */
  ranked: ArmResult[];
  /** The best arm, then those that it is not significantly better than. */
  tied: ArmResult[];
  choose: ArmResult | null;
  confidence: Verdict["confidence"];
  /** The best floor, and the test of the best arm against it. */
  floor: { floor: Floor; test: PairwiseTest } | null;
  /** Tests on the primary metric between the best arm and each other one, turned so that `a` is the best arm. */
  duels: PairwiseTest[];
  questions: number;
}

/** Of the arms tied for best, one that scored this much less is not taken for its price. */
const indifference = 0.05;
/** Training is spread over this many answers when tied arms are compared by cost. */
export const costHorizon = 10_000;

/** Ranks the arms, tests the best one against the others and the floors, and picks what to use. */
export function findStanding({ arms, floors, tests, task }: Evidence): Standing {
  const scoreOf = (contender: ArmResult | Floor) => contender.metrics[task.primary].value;
  const ranked = arms
    .filter((arm) => arm.status === "ok")
    .sort((a, b) => scoreOf(b) - scoreOf(a) || costOf(a) - costOf(b) || (a.name < b.name ? -1 : 1));
  const best = ranked[0];
  if (best === undefined)
    return {
      outcome: "none",
      ranked,
      tied: [],
      choose: null,
      confidence: "high",
      floor: null,
      duels: [],
      questions: 0,
    };

  const questions = best.metrics[task.primary].n;
  const primaryTests = tests.filter((test) => test.metric === task.primary);
  const duels = ranked.slice(1).map((arm) => turn(findTest(primaryTests, best.name, arm.name), best.name));
  const bestFloor = floors.toSorted((a, b) => scoreOf(b) - scoreOf(a) || (a.name < b.name ? -1 : 1))[0];
  const floor = bestFloor
    ? { floor: bestFloor, test: turn(findTest(primaryTests, best.name, bestFloor.name), best.name) }
    : null;
  const tied = [best, ...ranked.slice(1).filter((_, index) => !duels[index]!.significant)];

  const worthless = scoreOf(best) === 0 || (floor !== null && scoreOf(best) <= scoreOf(floor.floor));
  const alone = tied.length === 1 && ranked.length > 1 && (floor === null || floor.test.significant);
  const outcome = worthless ? "none" : alone ? "winner" : "no clear winner";
  const candidates = tied.filter((arm) => scoreOf(arm) >= scoreOf(best) - indifference);
  const choose = worthless ? null : candidates.reduce((a, b) => (isCheaper(b, a) ? b : a));
  const confidence = judgeConfidence({ outcome, questions, duels, floor, ranked });
  return { outcome, ranked, tied, choose, confidence, floor, duels, questions };
}

function judgeConfidence(
  standing: Pick<Standing, "outcome" | "questions" | "duels" | "floor" | "ranked">,
): Verdict["confidence"] {
  const { outcome, questions, duels, floor } = standing;
  if (questions < 20) return "low";
  // Not high: with more training, or luckier, an arm may do better.
  if (outcome === "none") return questions < 100 && !floor?.test.significant ? "low" : "moderate";
  if (floor !== null && !floor.test.significant) return "low";
  if (outcome === "winner")
    return questions >= 100 && duels.every((duel) => duel.pHolm < 0.01) ? "high" : "moderate";
  // Arms are shown to be as good as each other only if every plausible difference is small.
  const ties = duels.filter((duel) => !duel.significant);
  const equivalent = ties.length > 0 && ties.every((tie) => Math.max(tie.high, -tie.low) <= indifference);
  return equivalent ? "high" : "low";
}

function costOf(arm: ArmResult): number {
  return (arm.cost.per1000Answers * costHorizon) / 1000 + arm.cost.training;
}

function isCheaper(a: ArmResult, b: ArmResult): boolean {
  if (costOf(a) !== costOf(b)) return costOf(a) < costOf(b);
  if (a.latency.p50Ms !== b.latency.p50Ms) return a.latency.p50Ms < b.latency.p50Ms;
  return a.name < b.name;
}

function findTest(tests: readonly PairwiseTest[], a: string, b: string): PairwiseTest {
  return tests.find((test) => (test.a === a && test.b === b) || (test.a === b && test.b === a))!;
}

/** The same test seen from `name`. */
function turn(test: PairwiseTest, name: string): PairwiseTest {
  return test.a === name ? test : swapSides(test);
}
