import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toNetwork, type Edge } from "./network.ts";
import { pageRank } from "./page-rank.ts";

const edges = (nodes: number): fc.Arbitrary<Edge[]> =>
  fc.array(
    fc.record({
      from: fc.nat(nodes - 1),
      to: fc.nat(nodes - 1),
      weight: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 20 },
  );

/** By the definition: a dense matrix, many steps. */
function reference(nodes: number, edges: Edge[], teleport: number[], damping: number): number[] {
  const weight = Array.from({ length: nodes }, () => new Array<number>(nodes).fill(0));
  for (const { from, to, weight: value } of edges) {
    weight[from]![to]! += value;
    weight[to]![from]! += value;
  }
  const sum = teleport.reduce((a, b) => a + b);
  let rank = teleport.map((value) => value / sum);
  for (let step = 0; step < 200; step++) {
    const next = teleport.map((value) => ((1 - damping) * value) / sum);
    for (let node = 0; node < nodes; node++) {
      const out = weight[node]!.reduce((a, b) => a + b);
      for (let other = 0; other < nodes; other++) {
        const share = out === 0 ? teleport[other]! / sum : weight[node]![other]! / out;
        next[other]! += damping * rank[node]! * share;
      }
    }
    rank = next;
  }
  return rank;
}

it("is what a dense matrix gives, and sums to 1", () => {
  const nodes = 6;
  fc.assert(
    fc.property(
      edges(nodes),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: nodes, maxLength: nodes }),
      fc.constantFrom(0.3, 0.5, 0.85),
      (edges, teleport, damping) => {
        fc.pre(teleport.some((value) => value > 0));
        const shares = pageRank(toNetwork(nodes, edges), Float32Array.from(teleport), {
          damping,
          tolerance: 1e-7,
        });
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        const expected = reference(nodes, edges, teleport, damping);
        for (let node = 0; node < nodes; node++) expect(shares[node]).toBeCloseTo(expected[node]!, 4);
      },
    ),
  );
});

it("is what networkx gives on Zachary's karate club", () => {
  const { nodes, edges, teleport, damping, shares } = JSON.parse(
    readFileSync(new URL("../../test/golden/pagerank.json", import.meta.url), "utf8"),
  ) as {
    nodes: number;
    edges: [number, number, number][];
    teleport: number[];
    damping: number;
    shares: number[];
  };
  const network = toNetwork(
    nodes,
    edges.map(([from, to, weight]) => ({ from, to, weight })),
  );
  const found = pageRank(network, Float32Array.from(teleport), { damping, tolerance: 1e-7 });
  for (const [node, share] of shares.entries()) expect(found[node]).toBeCloseTo(share, 5);
});
