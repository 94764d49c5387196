import type { ArmSpec, RetrievalSettings } from "../contracts/index.ts";
import type { Project } from "./config/read-project.ts";
import { indexOf, retrievalOf, type IndexSpec } from "./index-spec.ts";

/** How passages are found. */
export interface RetrievalWay {
  index: IndexSpec;
  settings: RetrievalSettings;
  /** By the graph of the index's passages; as `settings` say where that has nothing to say. */
  byGraph?: boolean;
  /** What writes a query anew, where `settings` ask for that. */
  model?: string | undefined;
}

/** How an arm finds its passages. */
export const wayOf = (
  project: Project,
  arm: ArmSpec,
  index: IndexSpec = indexOf(project, arm),
): RetrievalWay => ({
  index,
  settings: retrievalOf(project, arm),
  byGraph: arm.context === "graph",
  model: arm.model,
});
