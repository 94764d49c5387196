import { join } from "node:path";
import { LoragError, type Document, type OnProgress, type SkippedDocument } from "../contracts/index.ts";
import { listFiles, readFile, sha256, statPath } from "../platform/index.ts";
import { startParser } from "./parse-bounded.ts";
import { rememberParses } from "./parse-cache.ts";
import { unusable } from "./parser.ts";

export interface ReadOptions {
  /** Throw LORAG_SKIPPED_DOCUMENTS, after looking at every file, if any cannot be used. */
  strict?: boolean;
  onProgress?: OnProgress;
  signal?: AbortSignal;
  /** Of one file; milliseconds. */
  timeLimitMs?: number;
  /** Of one file; bytes. */
  sizeLimit?: number;
  /** Where parsed documents are kept by the hash of their bytes, so that an unchanged file is not parsed again. */
  cacheFolder?: string;
}

/**
 * Reads every document under `folder`. Files that cannot be used are left out, each with its reason, and the rest
 * goes on. Throws LORAG_NOT_FOUND where there is no such folder and LORAG_NO_DOCUMENTS where nothing could be read.
 */
export async function readDocuments(
  folder: string,
  options: ReadOptions = {},
): Promise<{ documents: Document[]; skipped: SkippedDocument[] }> {
  const { timeLimitMs = 60_000, sizeLimit = 100 * 2 ** 20, onProgress, signal } = options;
  const names = await listFiles(folder);
  const documents: Document[] = [];
  const skipped: SkippedDocument[] = [];
  const parser = startParser(timeLimitMs);
  const cache = options.cacheFolder ? rememberParses(options.cacheFolder, parser.parse) : undefined;
  const parse = cache?.parse ?? parser.parse;
  try {
    for (const [index, name] of names.entries()) {
      signal?.throwIfAborted();
      try {
        const bytes = await readBounded(join(folder, name), sizeLimit);
        documents.push({ id: name, ...(await parse(bytes, name)), hash: sha256(bytes) });
      } catch (error) {
        if (!(error instanceof LoragError)) throw error;
        skipped.push({ id: name, code: error.code, reason: `${error.message}. ${error.next}` });
      }
      onProgress?.({ step: "Reading documents", done: index + 1, total: names.length, unit: "documents" });
    }
    await cache?.forgetOthers();
  } finally {
    await parser.close();
  }
  if (options.strict && skipped.length > 0) throw skippedDocuments(folder, names.length, skipped);
  if (documents.length === 0) throw noDocuments(folder, skipped);
  return { documents, skipped };
}

async function readBounded(path: string, sizeLimit: number): Promise<Uint8Array> {
  const size = (await statPath(path))?.size ?? 0;
  if (size > sizeLimit) {
    throw unusable("LORAG_TOO_LARGE", `it has ${size} bytes, more than ${sizeLimit}`, "Split it into parts.");
  }
  return readFile(path);
}

function skippedDocuments(folder: string, total: number, skipped: SkippedDocument[]): LoragError {
  return new LoragError({
    code: "LORAG_SKIPPED_DOCUMENTS",
    kind: "data",
    message: `${skipped.length} of ${total} documents in ${folder} cannot be used: ${summary(skipped)}`,
    next: "Repair or remove them, or run without --strict to go on with the rest.",
  });
}

function noDocuments(folder: string, skipped: SkippedDocument[]): LoragError {
  return new LoragError({
    code: "LORAG_NO_DOCUMENTS",
    kind: "data",
    message: `No document could be read in ${folder}: ${skipped.length === 0 ? "it holds no files" : summary(skipped)}`,
    next: "Put Markdown, HTML, text, PDF or DOCX files there, or name another folder.",
  });
}

function summary(skipped: SkippedDocument[]): string {
  const shown = skipped.slice(0, 10).map(({ id, reason }) => `${id} (${reason.split(". ")[0]})`);
  return (
    shown.join("; ") + (skipped.length > shown.length ? `; and ${skipped.length - shown.length} more` : "")
  );
}
