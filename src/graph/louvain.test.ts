import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { louvain } from "./louvain.ts";
import type { Edge } from "./network.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../test/golden/pagerank.json", import.meta.url), "utf8"),
) as { nodes: number; edges: [number, number, number][]; modularity: { worst: number } };
const karate = golden.edges.map(([from, to, weight]): Edge => ({ from, to, weight }));

function modularity(edges: Edge[], community: Uint32Array): number {
  const total = edges.reduce((sum, { weight }) => sum + 2 * weight, 0);
  const degree = new Map<number, number>();
  let inside = 0;
  for (const { from, to, weight } of edges) {
    for (const node of [from, to]) degree.set(community[node]!, (degree.get(community[node]!) ?? 0) + weight);
    if (community[from] === community[to]) inside += 2 * weight;
  }
  return inside / total - [...degree.values()].reduce((sum, value) => sum + (value / total) ** 2, 0);
}

it("reaches a modularity on the karate club as networkx does from twenty seeds", () => {
  const found = louvain(golden.nodes, karate);
  expect(modularity(karate, found)).toBeGreaterThanOrEqual(golden.modularity.worst);
  expect(louvain(golden.nodes, karate)).toEqual(found);
});

it("tells cliques apart, and leaves a node without edges alone", () => {
  const clique = (first: number): Edge[] =>
    [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3].flatMap((b) => (a < b ? [{ from: first + a, to: first + b, weight: 1 }] : [])),
    );
  const found = louvain(9, [...clique(0), ...clique(4), { from: 3, to: 4, weight: 1 }]);
  expect([...found]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2]);
  expect([...louvain(2, [])]).toEqual([0, 1]);
});
