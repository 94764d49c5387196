import { join } from "node:path";
import {
  LoragError,
  type DocumentOutcome,
  type DocumentView,
  type IndexState,
  type ListedDocument,
} from "../../contracts/index.ts";
import {
  exists,
  listFiles,
  makeFolder,
  removePath,
  resolveInside,
  statPath,
  writeFileAtomic,
  type Content,
} from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { indexOf } from "../index-spec.ts";
import { showDocuments } from "../show-documents.ts";

/** The files of a project's documents folder, by name. */
export async function listDocuments({ documents }: Project): Promise<ListedDocument[]> {
  if (!(await exists(documents))) return [];
  const names = await listFiles(documents, () => {});
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await statPath(join(documents, name));
      return found ? [{ name, bytes: found.size, modified: found.modifiedMs }] : [];
    }),
  );
  return files.flat();
}

/** Reads every document as a run does. */
export async function examineDocuments({ project, signal, onProgress }: Context): Promise<DocumentOutcome[]> {
  if ((await listDocuments(project)).length === 0) return [];
  const { documents, skipped } = await showDocuments({ files: [], project, signal, onProgress }).catch(
    (error: unknown) => {
      // None could be read: each is told by itself.
      if (error instanceof LoragError && error.code === "LORAG_NO_DOCUMENTS") return noneRead(project, error);
      throw error;
    },
  );
  return [
    ...documents.map(({ id, title, text, passages, warnings }) => ({
      name: id,
      title,
      characters: text.length,
      passages: passages.length,
      warnings,
    })),
    ...skipped.map(({ id, reason }) => ({
      name: id,
      title: id,
      characters: 0,
      passages: 0,
      warnings: [],
      skipped: reason,
    })),
  ];
}

async function noneRead(project: Project, { message, next }: LoragError) {
  const files = await listDocuments(project);
  const skipped = files.map(({ name }) => ({
    id: name,
    code: "LORAG_NO_DOCUMENTS" as const,
    reason: `${message}. ${next}`,
  }));
  return { documents: [], skipped };
}

/** One document with its passages. Throws LORAG_NO_DOCUMENT where it is gone, LORAG_UNREADABLE with the reason. */
export async function showDocument(
  { project, signal, onProgress }: Context,
  name: string,
): Promise<DocumentView> {
  const path = await placeOf(project, name);
  const { documents, skipped } = await showDocuments({ files: [path], project, signal, onProgress });
  const [document] = documents;
  if (document) return { ...document, id: name, title: document.title === path ? name : document.title };
  throw new LoragError({
    code: "LORAG_UNREADABLE",
    kind: "data",
    message: skipped[0]?.reason ?? `${name} cannot be read`,
    next: "Put another version in its place, or remove it.",
  });
}

/** Puts a file into the documents folder, whole or not at all, in place of one of that name. Throws LORAG_PATH_OUTSIDE, LORAG_USAGE. */
export async function addDocument({ documents }: Project, name: string, content: Content): Promise<void> {
  if (name.split("/").some((part) => part.startsWith("."))) {
    throw new LoragError({
      code: "LORAG_USAGE",
      kind: "usage",
      message: `${JSON.stringify(name.slice(0, 80))} begins with a dot, and such files are not read`,
      next: "Give it another name.",
    });
  }
  await makeFolder(documents);
  await writeFileAtomic(await resolveInside(documents, name), content);
}

/** Throws LORAG_NO_DOCUMENT. */
export async function removeDocument(project: Project, name: string): Promise<void> {
  await removePath(await placeOf(project, name));
}

/** The folder itself may be gone, too. */
async function placeOf({ documents }: Project, name: string): Promise<string> {
  if (!(await exists(documents))) throw gone(name);
  const path = await resolveInside(documents, name);
  if (!(await exists(path))) throw gone(name);
  return path;
}

/** Whether there is an index, and whether a document's file is newer than it. */
export async function indexState(project: Project): Promise<IndexState> {
  const index = await statPath(indexOf(project).folder);
  if (!index) return { state: "none" };
  const files = await listDocuments(project);
  return { state: files.some(({ modified }) => modified > index.modifiedMs) ? "behind" : "current" };
}

const gone = (name: string): LoragError =>
  new LoragError({
    code: "LORAG_NO_DOCUMENT",
    kind: "missing",
    message: `There is no document ${JSON.stringify(name.slice(0, 200))}`,
    next: "It may have been removed meanwhile: the list of documents has those that are there.",
  });
