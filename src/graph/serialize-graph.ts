import { LoragError } from "../contracts/index.ts";
import type { PassageGraph } from "./passage-graph.ts";

/** Changes when what a graph holds does, or how entities are found: a graph of another version is made anew. */
export const graphVersion = 1;

/** A graph as JSON; `parseGraph` is the way back. */
export function serializeGraph(graph: PassageGraph): string {
  const vectors = [...graph.vectors].map(([label, vector]) => [
    label,
    Buffer.from(vector).toString("base64"),
  ]);
  return JSON.stringify({ version: graphVersion, ...graph, vectors });
}

/** Reads a graph back; undefined where another version wrote it. Throws LORAG_DAMAGED_GRAPH. `file` is named in the error. */
export function parseGraph(text: string, file: string): PassageGraph | undefined {
  try {
    const stored = JSON.parse(text) as Omit<PassageGraph, "vectors"> & {
      version: number;
      vectors: [string, string][];
    };
    if (stored.version !== graphVersion) return undefined;
    const { language, glossary, passages, entities, synonyms } = stored;
    for (const list of [glossary, passages, entities, synonyms]) {
      if (!Array.isArray(list)) throw new TypeError("a list is missing");
    }
    const vectors = new Map(
      stored.vectors.map(([label, bytes]) => [label, Int8Array.from(Buffer.from(bytes, "base64"))]),
    );
    return { language, glossary, passages, entities, synonyms, vectors };
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_DAMAGED_GRAPH",
      kind: "data",
      message: `${file} holds no graph that can be read`,
      next: "Remove it and run `lorag index`: it is made anew from the documents.",
      cause,
    });
  }
}
