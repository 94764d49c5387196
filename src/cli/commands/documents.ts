import { counted } from "../../text/index.ts";
import { LoragError } from "../../contracts/index.ts";
import { showDocuments, type Project, type ShownDocument } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function documentsCommand(session: Session, files: string[]): Promise<unknown> {
  const project = await openOptional(session, files);
  const { documents, skipped } = await showDocuments({
    files,
    project,
    signal: session.signal,
    onProgress: session.onProgress,
  });
  for (const document of documents) session.print(render(document));
  if (skipped.length > 0) session.print(`${counted(skipped.length, "file was", "files were")} left out:\n`);
  for (const { id, reason } of skipped) session.print(`  ${id}: ${reason}\n`);
  return { documents, skipped };
}

/** Files can be looked at without a project. */
async function openOptional(session: Session, files: string[]): Promise<Project | undefined> {
  try {
    return (await session.open()).project;
  } catch (error) {
    if (files.length > 0 && error instanceof LoragError && error.code === "LORAG_NO_PROJECT")
      return undefined;
    throw error;
  }
}

function render({ id, title, text, passages, warnings }: ShownDocument): string {
  const size = `${counted(text.length, "character")}, ${counted(passages.length, "passage")}`;
  const lines = [`${id}: ${title} (${size})`, ...warnings.map((warning) => `  ! ${warning}`), ""];
  for (const [index, { header, text, start, end, page }] of passages.entries()) {
    const place = `${start}-${end}${page === null ? "" : `, page ${page}`}`;
    lines.push(`[${index + 1}] ${header}  (${place})`, text, "");
  }
  return `${lines.join("\n")}\n`;
}
