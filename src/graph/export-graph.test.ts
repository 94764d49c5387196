import { expect, it } from "vitest";
import { hashVector } from "../retrieval/hash-embedder.case.ts";
import { exportGraph, toGraphml } from "./export-graph.ts";
import { graphStatistics } from "./graph-statistics.ts";
import { buildGraph } from "./passage-graph.ts";

const embed = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => hashVector(text));
const passage = (id: string, documentId: string, start: number, text: string) => ({
  id,
  documentId,
  title: "Log",
  headings: ["<Day> & night"],
  text,
  start,
  end: start + text.length,
});
const graph = await buildGraph(
  [
    passage("p1", "a.md", 0, "We met Ada Byron."),
    passage("p2", "a.md", 50, "We met Luigi Menabrea."),
    passage("p3", "b.md", 0, "We met Charles Babbage and Ada Byron."),
  ],
  { embed, language: "en" },
);

it("an entity's surroundings are the passages that mention it and what else those mention", () => {
  const { nodes, links } = exportGraph(graph, "ada byron");
  const labels = nodes.filter(({ kind }) => kind === "name").map(({ label }) => label);
  expect(labels).toEqual(["Ada Byron", "Charles Babbage"]);
  expect(links).toContainEqual({ source: "p3", target: "entity:ada byron", kind: "mentions", weight: 1 });
  expect(() => exportGraph(graph, "Grace")).toThrow(/No passage mentions "Grace"/);
});

it("is GraphML with every node and edge, and nothing that XML cannot hold", () => {
  const exported = exportGraph(graph);
  const text = toGraphml(exported);
  expect(text.match(/<node /g)).toHaveLength(exported.nodes.length);
  expect(text.match(/<edge /g)).toHaveLength(exported.links.length);
  expect(text).toContain("&lt;Day&gt; &amp; night");
  expect(toGraphml({ nodes: [{ id: "a\u0000", kind: "name", label: "\uD800b" }], links: [] })).toContain(
    '<node id="a"><data key="label">b</data>',
  );
});

it("statistics count what there is", () => {
  expect(graphStatistics(graph)).toMatchObject({ documents: 2, passages: 3, entities: { name: 3 }, bare: 0 });
});
