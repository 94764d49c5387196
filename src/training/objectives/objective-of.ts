import type { TrainingSettings } from "../settings.ts";
import { classify } from "./classify.ts";
import { contrast } from "./contrast.ts";
import { nextToken } from "./next-token.ts";
import type { Objective } from "./objective.ts";
import { preference } from "./preference.ts";

/** What a run's settings have it learn. A new objective is a file and a line here. */
export function objectiveOf({ method, rl }: TrainingSettings): Objective {
  if (method === "head") return classify;
  if (method === "embedder") return contrast;
  return rl === "dpo" ? preference : nextToken;
}
