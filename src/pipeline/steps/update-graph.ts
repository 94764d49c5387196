import { join } from "node:path";
import type { Chunk, Embedder } from "../../contracts/index.ts";
import { buildGraph, parseGraph, serializeGraph, updateGraph, type PassageGraph } from "../../graph/index.ts";
import { exists, makeFolder, readText, writeFileAtomic } from "../../platform/index.ts";
import { fingerprint } from "./record.ts";

/** Where the graph of a project is kept. */
export const graphFile = (output: string): string => join(output, "graph", "graph.json");

/**
 * Makes the graph that is kept in the project that of these passages, and gives it. Only what has changed since is read
 * anew; a graph made by another embedder or version is made afresh. Throws LORAG_DAMAGED_GRAPH.
 */
export async function bringGraphUpToDate(
  output: string,
  chunksOf: ReadonlyMap<string, Chunk[]>,
  embedder: Embedder,
): Promise<PassageGraph> {
  const file = graphFile(output);
  // Its name in the file says which embedder the vectors are from.
  const head = `${fingerprint(embedder.identity)}\n`;
  const stored = (await exists(file)) ? await readText(file) : "";
  const before = stored.startsWith(head) ? parseGraph(stored.slice(head.length), file) : undefined;
  const options = { embed: (texts: string[]) => embedder.embed(texts) };
  const graph = before
    ? await updateGraph(before, changesSince(before, chunksOf), options)
    : await buildGraph([...chunksOf.values()].flat(), options);
  const text = head + serializeGraph(graph);
  if (text !== stored) {
    await makeFolder(join(output, "graph"));
    await writeFileAtomic(file, text);
  }
  return graph;
}

function changesSince(
  { passages }: PassageGraph,
  chunksOf: ReadonlyMap<string, Chunk[]>,
): { upsert: { documentId: string; chunks: Chunk[] }[]; remove: string[] } {
  const known = new Map<string, Chunk[]>();
  for (const { chunk } of passages)
    known.set(chunk.documentId, [...(known.get(chunk.documentId) ?? []), chunk]);
  const upsert = [...chunksOf]
    .filter(([id, chunks]) => fingerprint(chunks) !== fingerprint(known.get(id) ?? []))
    .map(([documentId, chunks]) => ({ documentId, chunks }));
  return { upsert, remove: [...known.keys()].filter((id) => !chunksOf.has(id)) };
}
