import type { TrainingSettings } from "../settings.ts";
import { classify } from "./classify.ts";
import { nextToken } from "./next-token.ts";
import type { Objective } from "./objective.ts";

/** What a run's settings have it learn. A new objective is a file and a line here. */
export function objectiveOf({ method }: TrainingSettings): Objective {
  if (method === "head") return classify;
  return nextToken;
}
