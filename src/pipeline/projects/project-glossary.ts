import { join } from "node:path";
import { LoragError, type GlossaryView, type LanguageCode } from "../../contracts/index.ts";
import { checkEntries, createGlossary, knownLanguage, parseGlossary } from "../../glossary/index.ts";
import { listFolder, readFile, removePath, writeFileAtomic } from "../../platform/index.ts";
import type { Context } from "../context.ts";
import { showDocuments } from "../show-documents.ts";
import { listDocuments } from "./project-documents.ts";

const kinds = ["csv", "tsv", "xlsx", "tbx", "tmx", "tei", "xml"];
const isGlossary = (name: string): boolean => kinds.some((kind) => name.toLowerCase() === `glossary.${kind}`);

/** The terms of the project's glossary, `glossary.csv` or of another kind, with the documents that hold them. */
export async function viewGlossary(context: Context): Promise<GlossaryView> {
  const { project, signal, onProgress } = context;
  const file = (await listFolder(project.folder)).find(isGlossary);
  if (file === undefined) return { terms: [], findings: [] };
  const entries = await parseGlossary(await readFile(join(project.folder, file)), file, {});
  const glossary = createGlossary(entries, languageOf(context, entries[0]!.languages.source));
  const hits = new Map<unknown, Map<string, number>>();
  if ((await listDocuments(project)).length > 0) {
    const { documents } = await showDocuments({ files: [], project, signal, onProgress });
    for (const { id, text } of documents) {
      for (const { owners } of glossary.find(text)) {
        for (const owner of owners) {
          const counts = hits.get(owner) ?? new Map<string, number>();
          hits.set(owner, counts.set(id, (counts.get(id) ?? 0) + 1));
        }
      }
    }
  }
  return {
    file,
    terms: entries.map((entry) => ({
      source: entry.source,
      targets: entry.targets,
      forbidden: entry.forbidden,
      definition: entry.definition ?? "",
      hits: [...(hits.get(entry) ?? [])].map(([document, count]) => ({ document, count })),
    })),
    findings: checkEntries(entries).map((finding) => finding.message),
  };
}

/** Puts a glossary in the place of the project's. Throws what reading it throws, and then keeps the one that is there. */
export async function importGlossary({ project }: Context, name: string, bytes: Uint8Array): Promise<void> {
  const kind = name.split(".").at(-1)?.toLowerCase() ?? "";
  if (!kinds.includes(kind)) {
    throw new LoragError({
      code: "LORAG_USAGE",
      kind: "usage",
      message: `${JSON.stringify(name.slice(0, 80))} is no glossary that can be read`,
      next: "Choose a CSV, TSV, XLSX, TBX, TMX or TEI file.",
    });
  }
  await parseGlossary(bytes, name, {});
  const file = `glossary.${kind}`;
  await writeFileAtomic(join(project.folder, file), bytes);
  for (const other of await listFolder(project.folder)) {
    if (isGlossary(other) && other !== file) await removePath(join(project.folder, other));
  }
}

/** That of the config, else what the file says of its terms; `en-GB` is read as English. */
function languageOf({ project }: Context, written: string | undefined): LanguageCode | undefined {
  if (project.config.language !== "auto") return project.config.language;
  return knownLanguage(written);
}
