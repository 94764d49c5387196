import { join } from "node:path";
import { retrieves } from "../arms/index.ts";
import type { ArmSpec, RetrievalSettings } from "../contracts/index.ts";
import type { Cut } from "./chunking.ts";
import { exists } from "../platform/index.ts";
import type { Project } from "./config/read-project.ts";
import { fingerprint } from "./steps/record.ts";

/** One index of the project's documents, by how they are cut and embedded. */
export interface IndexSpec extends Cut {
  /** `default`, or a hash where an arm asks for another one than the project's. */
  key: string;
  /** As lorag.yaml names it. */
  embeddingModel: string;
  /** Folder of an adapter that the embedding model is tuned by. */
  tuned?: string;
  folder: string;
}

/** What an arm says of its retrieval. */
type Retrieving = Pick<ArmSpec, "retrieval" | "embeddingModel">;

/** How an arm finds its passages. */
export const retrievalOf = ({ config }: Project, arm: Retrieving): RetrievalSettings => ({
  ...config.retrieval,
  ...arm.retrieval,
});

/** The index that an arm searches; without one, the project's own. */
export function indexOf(project: Project, arm: Retrieving = {}): IndexSpec {
  const { chunk_tokens, chunker } = retrievalOf(project, arm);
  const { retrieval } = project.config;
  const embeddingModel = arm.embeddingModel ?? project.config.embedding_model;
  const isDefault =
    chunk_tokens === retrieval.chunk_tokens &&
    chunker === retrieval.chunker &&
    embeddingModel === project.config.embedding_model;
  const key = isDefault ? "default" : fingerprint(chunk_tokens, chunker, embeddingModel).slice(0, 8);
  const folder = join(project.output, isDefault ? "index" : `index-${key}`);
  return { key, chunk_tokens, chunker, embeddingModel, folder };
}

/** Every index that some of the arms need; the project's own comes first, and always, for the floors. */
export function indexesOf(project: Project, arms: ArmSpec[]): IndexSpec[] {
  const needed = [indexOf(project), ...arms.filter(retrieves).map((arm) => indexOf(project, arm))];
  return [...new Map(needed.map((spec) => [spec.key, spec])).values()];
}

/** A comparison of arms that show no passages, of labels for example, needs no documents. */
export const isIndexed = async (project: Project, arms: ArmSpec[]): Promise<boolean> =>
  arms.some(retrieves) || (await exists(project.documents));
