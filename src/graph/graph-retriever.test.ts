import { describe, expect, it } from "vitest";
import type { Chunk, Hit } from "../contracts/index.ts";
import { hashVector } from "../retrieval/hash-embedder.case.ts";
import { createGraphRetriever } from "./graph-retriever.ts";
import { buildGraph } from "./passage-graph.ts";

const embed = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => hashVector(text));

const texts = {
  "hull.md": "Hello Marrow was sung by Hank Arlow in a tiny hall.",
  "arlow.md": "Hank Arlow died in Tolvern, where he kept bees.",
  "tolvern.md": "East of Tolvern lies Keldor. It has nine shops.",
  "bees.md": "How many shops are in the state next to another is a matter of maps, singers and halls.",
  "keldor.md": "Keldor has nine shops of Publo.",
};
const chunks = Object.entries(texts).map(([documentId, text]): Chunk => {
  return {
    id: documentId,
    documentId,
    title: documentId.slice(0, -3),
    headings: [],
    text,
    start: 0,
    end: text.length,
  };
});
const hit = (documentId: string, score: number): Hit => ({
  chunk: chunks.find((chunk) => chunk.documentId === documentId)!,
  score,
  ranks: { vector: 1 },
});
const graph = await buildGraph(chunks, { embed, language: "en" });
/** What knows words alone is led astray. */
const vectors = { name: "vector", search: async () => [hit("bees.md", 0.6), hit("hull.md", 0.5)] };
const plain = async (): Promise<Hit[]> => [{ ...hit("bees.md", 1), ranks: { bm25: 1 } }];
const retrieve = createGraphRetriever({ graph, embed, plain, vectors });
const found = async (question: string, limit = 3): Promise<string[]> =>
  (await retrieve(question, limit)).map(({ chunk }) => chunk.documentId);

describe("createGraphRetriever", () => {
  it("follows the entities of a question to passages that share no word with it", async () => {
    const hits = await retrieve("Where did the singer of Hello Marrow die?", 3);
    expect(hits.map(({ chunk }) => chunk.documentId)).toEqual(
      expect.arrayContaining(["hull.md", "arlow.md"]),
    );
    expect(hits.map(({ ranks }) => ranks)).toEqual([{ graph: 1 }, { graph: 2 }, { graph: 3 }]);
  });

  it("finds an entity written small, and one that is written otherwise by its likeness", async () => {
    expect((await found("what lies east of tolvern"))[0]).toBe("tolvern.md");
    // The stand-in embedder knows words alone: three of four are the same.
    expect(await found("Was Old Hank Arlow a singer?")).toContain("arlow.md");
  });

  it("leaves a question that names nothing to the plain search", async () => {
    expect(await retrieve("how old is it", 3)).toEqual(await plain());
  });

  it("chooses over the whole corpus where a question asks for that", async () => {
    const hits = await retrieve("What are the main themes?", 2);
    expect(hits.map(({ ranks }) => ranks)).toEqual([{ global: 1 }, { global: 2 }]);
    // What the vectors are sure of, and nothing else of the five.
    expect(hits.map(({ chunk }) => chunk.documentId).sort()).toEqual(["bees.md", "hull.md"]);
  });

  it("gives copies of a passage one place", async () => {
    const copies = ["copy-1.md", "copy-2.md", "copy-3.md"].map((documentId): Chunk => {
      const text = "Hank Arlow kept nine hives of bees by the quay of Tolvern.";
      return { id: documentId, documentId, title: "", headings: [], text, start: 0, end: text.length };
    });
    const crowded = createGraphRetriever({
      graph: await buildGraph([...copies, ...chunks], { embed, language: "en" }),
      embed,
      plain,
      vectors: { name: "vector", search: async () => [] },
    });
    const ids = (await crowded("What did Hank Arlow keep?", 3)).map(({ chunk }) => chunk.documentId);
    expect(ids.filter((id) => id.startsWith("copy"))).toHaveLength(1);
    expect(ids).toHaveLength(3);
  });

  it("lets a reranker see what both searches found", async () => {
    const seen: string[] = [];
    const reranker = {
      rerank: async (_: string, hits: Hit[]) => {
        seen.push(...hits.map(({ chunk }) => chunk.documentId));
        return hits.toReversed();
      },
    };
    const hits = await createGraphRetriever({ graph, embed, plain, vectors, reranker })(
      "Who is Hank Arlow?",
      1,
    );
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(["bees.md", "arlow.md"]));
    expect(hits).toHaveLength(1);
  });
});
