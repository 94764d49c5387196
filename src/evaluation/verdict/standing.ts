import type {
  ArmResult,
  ArmSummary,
  Floor,
  JudgeSummary,
  PairwiseTest,
  Prices,
  Verdict,
} from "../../contracts/index.ts";
import type { Task } from "../metrics/task.ts";
import { costOf, rankArms } from "../rank.ts";
import { margin } from "../statistics/questions-needed.ts";

export interface Evidence {
  arms: readonly ArmSummary[];
  floors: readonly Floor[];
  tests: readonly PairwiseTest[];
  task: Task;
  prices: Prices;
  selection: Verdict["selection"];
  judges: readonly JudgeSummary[];
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
  /** Tests of the best arm (`a`) against each other one on the primary metric, in the order of their scores. */
  duels: PairwiseTest[];
  questions: number;
}

/** Ranks the arms, looks up how the best one does against the others and the floor, and picks what to use. */
export function findStanding(evidence: Evidence): Standing {
  const { arms, floors, tests, task } = evidence;
  const ranked = rankArms(
    arms.filter((arm) => arm.status === "ok"),
    task.primary,
  );
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
  const ofBest = tests.filter((test) => test.metric === task.primary && test.a === best.name);
  const find = (against: PairwiseTest["against"], name: string) =>
    ofBest.find((test) => test.against === against && test.b === name);
  const duels = ranked.slice(1).map((arm) => find("best", arm.name)!);
  const floorTest = ofBest.find((test) => test.against === "floor");
  const floor = floorTest && {
    floor: floors.find(({ name }) => name === floorTest.b)!,
    test: floorTest,
  };
  const tied = [best, ...ranked.slice(1).filter((_, index) => !duels[index]!.significant)];

  const worthless =
    scoreOf(best, evidence) === 0 ||
    (floor !== undefined && scoreOf(best, evidence) <= scoreOf(floor.floor, evidence));
  const alone = tied.length === 1 && ranked.length > 1 && (!floor || floor.test.significant);
  const outcome = worthless ? "none" : alone ? "winner" : "no clear winner";
  // Of the arms tied for best, one that scored less by more than the margin is not taken for its price.
  const candidates = tied.filter((arm) => scoreOf(arm, evidence) >= scoreOf(best, evidence) - margin);
  const choose = worthless ? null : candidates.reduce((a, b) => (isCheaper(b, a) ? b : a));
  const standing = { outcome, ranked, tied, choose, floor: floor ?? null, duels, questions } as const;
  return { ...standing, confidence: judgeConfidence(standing) };
}

function judgeConfidence(standing: Omit<Standing, "confidence">): Verdict["confidence"] {
  const { outcome, questions, duels, floor } = standing;
  if (questions < 20) return "low";
  // Not high: with more training, or luckier, an arm may do better.
  if (outcome === "none") return questions < 100 && !floor?.test.significant ? "low" : "moderate";
  if (floor !== null && !floor.test.significant) return "low";
  if (outcome === "winner")
    return questions >= 100 && duels.every((duel) => duel.pHolm < 0.01) ? "high" : "moderate";
  const ties = duels.filter((duel) => !duel.significant);
  return ties.length > 0 && ties.every((tie) => tie.equal) ? "high" : "low";
}

function isCheaper(a: ArmResult, b: ArmResult): boolean {
  if (costOf(a) !== costOf(b)) return costOf(a) < costOf(b);
  if (a.latency.p50Ms !== b.latency.p50Ms) return a.latency.p50Ms < b.latency.p50Ms;
  return a.name < b.name;
}

export function scoreOf(arm: ArmResult | Floor, { task }: Evidence): number {
  return arm.metrics[task.primary].value;
}

export function describeRight({ metrics: { correct } }: ArmResult): string {
  return `${Math.round(correct.value * correct.n)} of ${correct.n} answers say what the gold says`;
}
