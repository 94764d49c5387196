import { join } from "node:path";
import {
  LoragError,
  type Document,
  type OnProgress,
  type SkippedDocument,
  type SourceEntry,
} from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { exists, listFiles, readFile, sha256, statPath } from "../platform/index.ts";
import { startParser } from "./parse-bounded.ts";
import { rememberParses, type TryParse } from "./parse-cache.ts";
import { defaultParseOptions, unusable, type ParseOptions } from "./parser.ts";
import type { DocumentFile } from "./sources/document-file.ts";
import { listSource } from "./sources/list-source.ts";

export interface ReadOptions {
  /** Throw LORAG_SKIPPED_DOCUMENTS, after looking at every file, if any cannot be used. */
  strict?: boolean;
  onProgress?: OnProgress;
  signal?: AbortSignal;
  /** Of one file; milliseconds. */
  timeLimitMs?: number;
  /** Of one file; bytes. */
  sizeLimit?: number;
  /** How files are read; see ParseOptions. */
  parsing?: Partial<ParseOptions>;
  /** Where parsed documents are kept by the hash of their bytes, so that an unchanged file is not parsed again. */
  cacheFolder?: string;
  /** What else to read besides the folder. */
  sources?: SourceEntry[];
}

/**
 * Reads every document under `folder`, and those of the sources. Files that cannot be used are left out, each with its reason, and the rest
 * goes on. Throws LORAG_NOT_FOUND where there is no such folder (and no source), LORAG_NO_DOCUMENTS where nothing could be read, and
 * what writing to `cacheFolder` throws: a full disk is no reason to leave a document out.
 */
export async function readDocuments(
  folder: string,
  options: ReadOptions = {},
): Promise<{ documents: Document[]; skipped: SkippedDocument[] }> {
  const skipped: SkippedDocument[] = [];
  const { sources = [], signal } = options;
  const names =
    sources.length > 0 && !(await exists(folder))
      ? []
      : await listFiles(folder, (id, reason) => skipped.push(asSkipped(id, reason)));
  const files = names.filter(isDocument).map((name) => fileAt(name, join(folder, name)));
  for (const source of sources) files.push(...(await listSource(source, signal)));
  const read = await readFiles(unique(files), options);
  const { documents } = read;
  skipped.push(...read.skipped);
  if (options.strict && skipped.length > 0)
    throw skippedDocuments(folder, documents.length + skipped.length, skipped);
  if (documents.length === 0) throw noDocuments(folder, skipped);
  return { documents, skipped };
}

/** What programs leave beside documents is none: Office's mark that a file is open, the desktop's own files. */
const isDocument = (name: string): boolean => !/(?:^|\/)(?:~\$[^/]*|Thumbs\.db|desktop\.ini)$/i.test(name);

/** A file of this machine. */
export const fileAt = (id: string, path: string): DocumentFile => ({
  id,
  read: async (sizeLimit) => ({ bytes: await readBounded(path, sizeLimit) }),
});

/** A page that a sitemap lists may be named by itself, too. */
const unique = (files: DocumentFile[]): DocumentFile[] => [
  ...new Map(files.map((file) => [file.id, file])).values(),
];

const parseLimitMs = 60_000;
/** Letters in pictures take seconds a page. */
const ocrLimitMs = 30 * 60_000;

/** Reads each of the files; those that cannot be used are left out, with the reason. */
export async function readFiles(
  files: DocumentFile[],
  options: Omit<ReadOptions, "strict"> = {},
): Promise<{ documents: Document[]; skipped: SkippedDocument[] }> {
  const parsing = { ...defaultParseOptions, ...options.parsing };
  const {
    timeLimitMs = parsing.ocr.length > 0 ? ocrLimitMs : parseLimitMs,
    sizeLimit = 100 * 2 ** 20,
    onProgress,
    signal,
  } = options;
  const documents: Document[] = [];
  const skipped: SkippedDocument[] = [];
  const parser = startParser(timeLimitMs, parsing);
  const tryParse: TryParse = (bytes, name) => orReason(() => parser.parse(bytes, name));
  const cache = options.cacheFolder ? rememberParses(options.cacheFolder, parsing, tryParse) : undefined;
  const parse = cache?.parse ?? tryParse;
  try {
    for (const [index, file] of files.entries()) {
      signal?.throwIfAborted();
      const { id } = file;
      const read = await readOne(file, sizeLimit, parse);
      if (read instanceof LoragError) skipped.push(asSkipped(id, read));
      else documents.push(read);
      onProgress?.({ step: "Reading documents", done: index + 1, total: files.length, unit: "documents" });
    }
    await cache?.forgetOthers();
  } finally {
    await parser.close();
  }
  return { documents, skipped };
}

function asSkipped(id: string, { code, message, next }: LoragError): SkippedDocument {
  return { id, code, reason: `${message}. ${next}` };
}

/** The document, or why it is left out. */
async function readOne(
  { id, read }: DocumentFile,
  sizeLimit: number,
  parse: TryParse,
): Promise<Document | LoragError> {
  const content = await orReason(() => read(sizeLimit));
  // What is only out of reach is no reason to take a document out of the index.
  if (content instanceof LoragError && content.kind === "unavailable") throw content;
  if (content instanceof LoragError) return content;
  const { bytes, name = id, title } = content;
  const parsed = await parse(bytes, name);
  if (parsed instanceof LoragError) return parsed;
  return {
    id,
    ...parsed,
    ...(title !== undefined && { title }),
    hash: sha256(title === undefined ? bytes : `${title}\n${sha256(bytes)}`),
  };
}

async function orReason<Value>(work: () => Promise<Value>): Promise<Value | LoragError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LoragError) return error;
    throw error;
  }
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
    message: `${skipped.length} of ${counted(total, "document")} in ${folder} cannot be used: ${summary(skipped)}`,
    next: "Repair or remove them, or run without --strict to go on with the rest.",
  });
}

function noDocuments(folder: string, skipped: SkippedDocument[]): LoragError {
  return new LoragError({
    code: "LORAG_NO_DOCUMENTS",
    kind: "data",
    message: `No document could be read in ${folder}: ${skipped.length === 0 ? "it holds no files" : summary(skipped)}`,
    next: "Put documents there (PDF, Office, HTML, Markdown, text, mail, tables), or name another folder.",
  });
}

function summary(skipped: SkippedDocument[]): string {
  const shown = skipped.slice(0, 10).map(({ id, reason }) => `${id} (${reason.split(". ")[0]})`);
  return (
    shown.join("; ") + (skipped.length > shown.length ? `; and ${skipped.length - shown.length} more` : "")
  );
}
