import type { ChunkStore, Document } from "../src/contracts/index.ts";
import { sha256 } from "../src/platform/index.ts";
import { hashVector } from "../src/retrieval/hash-embedder.case.ts";
import { indexDocuments, openLanceStore } from "../src/retrieval/index.ts";

export interface CrashJob {
  folder: string;
  edition: "first" | "second";
  /** `after rename 2`; absent: it lives. */
  point?: string;
  /** Between the point and the death. */
  delayMs: number;
}

const words = ["tide", "quay", "rope", "buoy", "mast", "keel", "deck", "hull", "sail", "gull"];

/** Of the second edition a third of the documents are changed, some are gone and some are new. */
export function documentsOf(edition: CrashJob["edition"]): Document[] {
  const [from, to] = edition === "first" ? [0, 330] : [20, 350];
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const isChanged = edition === "second" && number % 3 === 0;
    const said = [1, 3, 7].map((step) => words[(number * step) % 10]).join(" ");
    const text = `${said} number${number} ${isChanged ? "newer" : "older"}`;
    return { id: `d${number}.md`, hash: sha256(text), title: `Note ${number}`, text, headings: [] };
  });
}

export const openCrashed = (folder: string): Promise<ChunkStore> =>
  openLanceStore(folder, { identity: "crash", dimensions: 32 });

export async function indexEdition(folder: string, edition: CrashJob["edition"]): Promise<void> {
  const store = await openCrashed(folder);
  const embedder = {
    identity: "crash",
    dimensions: 32,
    embed: async (texts: string[]) => texts.map((text) => hashVector(text)),
    close: async () => {},
  };
  await indexDocuments({ documents: documentsOf(edition), store, embedder, chunking: {} });
  await store.close();
}
