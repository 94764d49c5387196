import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chunk } from "../contracts/index.ts";
import { hashVector } from "../retrieval/hash-embedder.case.ts";
import { buildGraph, updateGraph, type GraphOptions, type PassageGraph } from "./passage-graph.ts";
import { parseGraph, serializeGraph } from "./serialize-graph.ts";

const embed = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => hashVector(text));

const sentences = [
  "Ada Byron met Charles Babbage in London.",
  "The engine of Charles Babbage was never built.",
  "A Ferry leaves Port Ellen at night.",
  "the port ellen ferry carries dogs",
  "Nothing is named here.",
];
const titles = ["Port Ellen", "Engines", "Dogs"];

function chunksOf(documentId: string, title: string, texts: readonly string[]): Chunk[] {
  return texts.map((text, index) => ({
    id: `${documentId}-${index}-${text.length}`,
    documentId,
    title,
    headings: [],
    text,
    start: index * 100,
    end: index * 100 + text.length,
  }));
}

const change = fc.record({
  documentId: fc.constantFrom("a.md", "b.md", "c.md"),
  title: fc.constantFrom(...titles),
  // None: the document is removed.
  texts: fc.option(fc.array(fc.constantFrom(...sentences), { minLength: 1, maxLength: 3 })),
});

const plain = (graph: PassageGraph): unknown => ({ ...graph, vectors: [...graph.vectors] });

describe("updateGraph", () => {
  it("gives, after any changes, what building afresh gives", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        let graph = await buildGraph([], { embed });
        const present = new Map<string, Chunk[]>();
        for (const { documentId, title, texts } of changes) {
          if (texts) present.set(documentId, chunksOf(documentId, title, texts));
          else present.delete(documentId);
          const upsert = texts ? [{ documentId, chunks: present.get(documentId)! }] : [];
          graph = await updateGraph(graph, { upsert, remove: texts ? [] : [documentId] }, { embed });
        }
        const fresh = await buildGraph([...present.values()].flat(), { embed });
        expect(plain(graph)).toEqual(plain(fresh));
      }),
      { numRuns: 60 },
    );
  });

  it("embeds nothing again, and forgets what no passage mentions any more", async () => {
    const language = "en";
    const graph = await buildGraph(chunksOf("a.md", "Engines", sentences.slice(0, 2)), { embed, language });
    const asked: string[] = [];
    const options: GraphOptions = {
      language,
      embed: async (texts: string[]) => (asked.push(...texts), embed(texts)),
    };
    const upsert = [{ documentId: "b.md", chunks: chunksOf("b.md", "Engines", [sentences[2]!]) }];
    const more = await updateGraph(graph, { upsert, remove: [] }, options);
    expect(asked).toEqual(["Ferry", "Port Ellen"]);
    const less = await updateGraph(more, { upsert: [], remove: ["a.md"] }, options);
    expect(serializeGraph(less)).not.toContain("Babbage");
    expect(less.entities.map(({ key }) => key)).toContain("port ellen");
  });
});

describe("serializeGraph", () => {
  it("comes back whole", async () => {
    const graph = await buildGraph(chunksOf("a.md", "Engines", sentences), { embed });
    expect(parseGraph(serializeGraph(graph), "graph.json")).toEqual(graph);
  });

  it("tells a damaged file from one of another version", () => {
    expect(parseGraph('{"version":0}', "graph.json")).toBeUndefined();
    for (const text of ["", "{", '{"version":1}', "[]x"])
      expect(() => parseGraph(text, "graph.json")).toThrow(/graph\.json holds no graph/);
  });
});
