import type { ArmResult } from "../../contracts/index.ts";
import { list, points } from "../../text/index.ts";
import { scoreOf } from "./standing.ts";
import type { Evidence, Standing } from "./standing.ts";

/** So many tied arms are named; the rest are counted. */
const mostNamed = 4;

/** One sentence. */
export function writeHeadline(standing: Standing, evidence: Evidence): string {
  const { outcome, ranked, tied, choose, floor, duels } = standing;
  const best = ranked[0];
  if (best === undefined) return "Every arm failed: there is nothing to compare.";
  if (outcome === "none" && floor !== null && scoreOf(best, evidence) > 0) {
    return `The best arm is ${best.name}, but none beats the floor: ${compareFloor(best, floor, evidence)}.`;
  }
  if (outcome === "none") return "No arm gets a question right.";
  if (outcome === "winner") {
    const runnerUp = duels[0]!;
    const lead = `${points(runnerUp.difference)} ahead of ${runnerUp.b}`;
    return `${capitalise(approach(best))}: ${best.name} wins, ${lead}.`;
  }
  if (tied.length === 1 && ranked.length > 1 && floor !== null) {
    const lead = `${points(duels[0]!.difference)} ahead of ${duels[0]!.b}`;
    return `The best arm, ${best.name}, is ${lead}, but not shown to beat the floor ${floor.floor.name}, which needs no language model.`;
  }
  if (ranked.length === 1) return `Only ${best.name} finished: there is nothing to compare it with.`;
  const why =
    choose!.name === best.name ? "which is ahead so far" : `which is cheaper and ${likeness(standing)}`;
  const named = tied.slice(0, tied.length > mostNamed + 1 ? mostNamed : tied.length).map((arm) => arm.name);
  const more = tied.length - named.length;
  const names = more > 0 ? `${named.join(", ")} and ${more} more` : list(named);
  return `No clear winner between ${names}. Start with ${choose!.name} (${approach(choose!)}), ${why}.`;
}

/** "About as good" is said only of what the interval bears out. */
function likeness({ choose, duels }: Standing): string {
  return duels.find(({ b }) => b === choose!.name)?.equal === true
    ? "as good to within 5 points"
    : "not shown to be worse";
}

/** For a floor that the best arm is not above. */
function compareFloor(
  best: ArmResult,
  { floor, test }: NonNullable<Standing["floor"]>,
  evidence: Evidence,
): string {
  const without = "without a language model";
  if (test.significant) return `${floor.name} does better ${without}`;
  const ahead = floor.metrics[evidence.task.primary].value > scoreOf(best, evidence);
  return ahead
    ? `${floor.name} scores higher ${without}, though that can be chance`
    : `${floor.name} does as well ${without}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function approach(arm: ArmResult): string {
  if (arm.training !== null) return arm.retrieval === null ? "fine-tune" : "fine-tune and retrieve";
  return arm.retrieval === null ? "neither fine-tune nor retrieve" : "retrieve, do not fine-tune";
}
