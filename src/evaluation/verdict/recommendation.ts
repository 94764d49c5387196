import type { Verdict } from "../../contracts/index.ts";
import { writeCaveats } from "./caveats.ts";
import { writeHeadline } from "./headline.ts";
import { writeNextSteps } from "./next-steps.ts";
import { writeReasons } from "./reasons.ts";
import { findStanding } from "./standing.ts";
import type { Evidence } from "./standing.ts";

/**
 * The verdict rests on the primary metric: right answers where golds are short, token F1 of short answers where they are
 * long. A winner is significantly better (corrected for having been picked) than every other arm, and scores above every
 * floor; if there is none, the cheapest of the arms tied for best is suggested (training included, over 10,000
 * answers), then the faster.
 */
export function recommend(evidence: Evidence): Verdict {
  const standing = findStanding(evidence);
  const winner = standing.outcome === "winner" ? standing.ranked[0]!.name : null;
  return {
    outcome: standing.outcome,
    winner,
    choose: standing.choose?.name ?? null,
    tied: standing.tied.map((arm) => arm.name),
    selection: evidence.selection,
    confidence: standing.confidence,
    headline: writeHeadline(standing, evidence),
    reasons: writeReasons(standing, evidence),
    next: writeNextSteps(standing, evidence),
    caveats: writeCaveats(standing, evidence),
  };
}
