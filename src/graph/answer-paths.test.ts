import { expect, it } from "vitest";
import { hashVector } from "../retrieval/hash-embedder.case.ts";
import { answerPaths } from "./answer-paths.ts";
import { buildGraph } from "./passage-graph.ts";

const embed = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => hashVector(text));
const passage = (id: string, documentId: string, text: string) => ({
  id,
  documentId,
  title: documentId,
  headings: [],
  text,
  start: 0,
  end: text.length,
});
const graph = await buildGraph(
  [
    passage("p1", "a.md", "We met Charles Babbage and Ada Byron."),
    passage("p2", "b.md", "We met Ada Byron and Luigi Menabrea."),
    passage("p3", "c.md", "We met Grace Hopper."),
  ],
  { embed, language: "en" },
);

it("a passage is reached from an entity of the question by the fewest links", async () => {
  const { paths, nodes, links } = await answerPaths(graph, embed, "Who knew Charles Babbage?", [
    "p1",
    "p2",
    "p3",
  ]);
  const labels = new Map(nodes.map(({ id, kind, label }) => [id, kind === "passage" ? id : label]));
  expect(paths.map((path) => path.map((id) => labels.get(id)))).toEqual([
    ["Charles Babbage", "p1"],
    ["Charles Babbage", "p1", "Ada Byron", "p2"],
  ]);
  expect(nodes).toHaveLength(4);
  expect(links).toHaveLength(3);
});

it("a question that names nothing leads nowhere", async () => {
  expect(await answerPaths(graph, embed, "what is it?", ["p1"])).toEqual({ paths: [], nodes: [], links: [] });
});
