import { describe, expect, it } from "vitest";
import type { Chunk } from "../contracts/index.ts";
import { hashVector } from "../retrieval/hash-embedder.case.ts";
import { findCommunities } from "./communities.ts";
import { searchGlobally } from "./global-search.ts";
import { buildGraph } from "./passage-graph.ts";

const embed = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => hashVector(text));

/** Two worlds whose people never meet, in passages of their own. */
const worlds = [
  ["Ada Byron", "Charles Babbage", "Luigi Menabrea"],
  ["Port Ellen", "Craig House", "Islay Ferry"],
];
const chunks = worlds.flatMap((names, world) =>
  Array.from({ length: 12 }, (_, index): Chunk => {
    const pair = names.filter((_, place) => place !== index % 3);
    const text = `We saw ${pair[0]} with ${pair[1]} again.`;
    const documentId = `${world}-${Math.floor(index / 4)}.txt`;
    return {
      id: `${world}-${index}`,
      documentId,
      title: "",
      headings: [],
      text,
      start: index,
      end: index + 1,
    };
  }),
);
const graph = await buildGraph(chunks, { embed });
const communities = findCommunities(graph);

describe("findCommunities", () => {
  it("puts together what is mentioned together", () => {
    const roots = communities.filter(({ parent }) => parent === undefined);
    const labels = roots.map(({ entities }) =>
      entities.map((entity) => graph.entities[entity]!.label).sort(),
    );
    expect(labels.sort()).toEqual(worlds.map((names) => names.toSorted()).sort());
  });

  it("has none where nothing is mentioned twice", async () => {
    expect(findCommunities(await buildGraph(chunks.slice(0, 1), { embed }))).toEqual([]);
  });
});

describe("searchGlobally", () => {
  it("looks at the best community first, drops one without a relevant passage, and stays in its budget", async () => {
    const asked: string[] = [];
    const isRelevant = async (_: string, chunk: Chunk): Promise<boolean> => {
      asked.push(chunk.id);
      return chunk.id.startsWith("1-");
    };
    const ranking = [chunks[0]!, chunks[12]!, chunks[13]!];
    const { findings, tests } = await searchGlobally("What is it about?", graph, communities, {
      isRelevant,
      ranking,
      budget: 14,
    });
    expect(asked).toHaveLength(14);
    expect(tests).toBe(14);
    expect(new Set(asked).size).toBe(14);
    // Five misses in a row, then the other world.
    expect(asked.slice(0, 5).every((id) => id.startsWith("0-"))).toBe(true);
    expect(findings).toHaveLength(9);
    expect(findings.every(({ chunk }) => chunk.id.startsWith("1-"))).toBe(true);
  });

  it("tests nothing without a budget", async () => {
    const isRelevant = (): Promise<boolean> => Promise.reject(new Error("asked"));
    const found = await searchGlobally("Why?", graph, communities, { isRelevant, ranking: [], budget: 0 });
    expect(found).toEqual({ findings: [], tests: 0 });
  });
});
