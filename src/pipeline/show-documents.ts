import { join, resolve } from "node:path";
import { defaultConfig, type Link, type OnProgress, type SkippedDocument } from "../contracts/index.ts";
import { chunkDocument, chunkHeader, fileAt, readDocuments, readFiles } from "../documents/index.ts";
import { chunkingOf, parsingOf } from "./chunking.ts";
import type { Project } from "./config/read-project.ts";

/** What was made of a document, as an index holds it and a model reads it. */
export interface ShownDocument {
  id: string;
  title: string;
  text: string;
  passages: ShownPassage[];
  /** Addresses that stretches of the text led to. */
  links: Link[];
  warnings: string[];
}

export interface ShownPassage {
  /** Title and headings, and the head of the table that the passage begins in. */
  header: string;
  text: string;
  /** Offsets in the document's text. */
  start: number;
  end: number;
  /** The page, slide or sheet that it begins on; null for formats without. */
  page: number | null;
}

export interface ShowRequest {
  /** Files by their paths; the project's documents where there are none. */
  files: string[];
  /** Whose config counts; without one, the defaults. */
  project: Project | undefined;
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** Reads documents and cuts them as `index` does, and keeps nothing. Throws what `readDocuments` throws. */
export async function showDocuments({
  files,
  project,
  signal,
  onProgress,
}: ShowRequest): Promise<{ documents: ShownDocument[]; skipped: SkippedDocument[] }> {
  const config = project?.config ?? defaultConfig;
  const options = { parsing: parsingOf(config), signal, onProgress };
  const { documents, skipped } =
    files.length > 0
      ? await readFiles(
          files.map((file) => fileAt(file, resolve(file))),
          options,
        )
      : await readDocuments(project?.documents ?? "documents", {
          ...options,
          sources: project?.sources ?? [],
          ...(project && { cacheFolder: join(project.output, "parsed") }),
        });
  const chunking = chunkingOf(config.retrieval, await findTokens(project));
  const shown = documents.map((document): ShownDocument => {
    const chunks = chunkDocument(document, chunking);
    const passages = chunks.map((chunk) => ({
      header: chunkHeader(chunk),
      text: chunk.text,
      start: chunk.start,
      end: chunk.end,
      page: chunk.page ?? null,
    }));
    const { id, title, text, links = [], warnings = [] } = document;
    return { id, title, text, passages, links, warnings };
  });
  return { documents: shown, skipped };
}

/** How the embedding model counts, where it is on this machine; it is not fetched for a look at documents. */
async function findTokens(project: Project | undefined) {
  if (!project) return undefined;
  const entry = project.entryOf(project.config.embedding_model);
  const { findModel } = await import("../models/index.ts");
  const model = typeof entry === "string" ? await findModel(entry) : undefined;
  return model && (await import("../inference/index.ts")).openEmbedderTokens(model);
}
