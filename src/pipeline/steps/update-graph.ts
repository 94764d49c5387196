import { join } from "node:path";
import { LoragError, type Chunk, type Embedder } from "../../contracts/index.ts";
import { buildGraph, parseGraph, serializeGraph, updateGraph, type PassageGraph } from "../../graph/index.ts";
import { exists, makeFolder, readText, writeFileAtomic } from "../../platform/index.ts";
import { fingerprint } from "./record.ts";

/** Where the graph of an index is kept: in a folder beside the index's. */
export const graphFile = (indexFolder: string): string => join(`${indexFolder}-graph`, "graph.json");

/** Says in the file which embedder the vectors are from. */
const headOf = (embedder: Embedder): string => `${fingerprint(embedder.identity)}\n`;

/** The graph that is kept of an index. Throws LORAG_NOT_INDEXED where there is none of this embedder, LORAG_DAMAGED_GRAPH. */
export async function readGraph(indexFolder: string, embedder: Embedder): Promise<PassageGraph> {
  const graph = await findGraph(indexFolder, embedder);
  if (graph) return graph.graph;
  throw new LoragError({
    code: "LORAG_NOT_INDEXED",
    kind: "missing",
    message: "This project has no graph of its passages yet",
    next: "Run `lorag graph` first, or choose another arm with --arm.",
  });
}

async function findGraph(
  indexFolder: string,
  embedder: Embedder,
): Promise<{ graph: PassageGraph; stored: string } | undefined> {
  const file = graphFile(indexFolder);
  const stored = (await exists(file)) ? await readText(file) : "";
  const head = headOf(embedder);
  const graph = stored.startsWith(head) ? parseGraph(stored.slice(head.length), file) : undefined;
  return graph && { graph, stored };
}

/**
 * Makes the graph that is kept of an index that of these passages, and gives it. Only what has changed since is read
 * anew; a graph made by another embedder or version is made afresh. Throws LORAG_DAMAGED_GRAPH.
 */
export async function bringGraphUpToDate(
  indexFolder: string,
  chunksOf: ReadonlyMap<string, Chunk[]>,
  embedder: Embedder,
): Promise<PassageGraph> {
  const before = await findGraph(indexFolder, embedder);
  const options = { embed: (texts: string[]) => embedder.embed(texts) };
  const graph = before
    ? await updateGraph(before.graph, changesSince(before.graph, chunksOf), options)
    : await buildGraph([...chunksOf.values()].flat(), options);
  const text = headOf(embedder) + serializeGraph(graph);
  if (text !== before?.stored) {
    await makeFolder(`${indexFolder}-graph`);
    await writeFileAtomic(graphFile(indexFolder), text);
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
