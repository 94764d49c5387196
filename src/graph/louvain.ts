import { namedRandom, shuffle } from "../random/index.ts";
import type { Edge } from "./network.ts";

/** Rounds over all nodes of one level; moves that gain next to nothing could go on for ever. */
const mostRounds = 50;
const leastGain = 1e-12;

/**
 * The community of each node, numbered from 0, by greedy modularity (Blondel, Guillaume, Lambiotte, Lefebvre: "Fast
 * unfolding of communities in large networks", 2008). Nodes are visited in an order that is shuffled with the same seed
 * each time, so that the same edges always give the same answer.
 */
export function louvain(nodes: number, edges: readonly Edge[]): Uint32Array {
  let level = toLevel(nodes, edges);
  const membership = Uint32Array.from({ length: nodes }, (_, node) => node);
  for (;;) {
    const communities = moveNodes(level);
    const numbers = new Map<number, number>();
    for (const community of communities) if (!numbers.has(community)) numbers.set(community, numbers.size);
    for (let node = 0; node < nodes; node++) {
      membership[node] = numbers.get(communities[membership[node]!]!)!;
    }
    if (numbers.size === level.neighbours.length) return membership;
    level = merge(level, communities, numbers);
  }
}

/** Neighbours with the weight to each, without the node itself, and the weight inside each node, counted twice. */
interface Level {
  neighbours: Map<number, number>[];
  inner: number[];
}

function toLevel(nodes: number, edges: readonly Edge[]): Level {
  const level: Level = {
    neighbours: Array.from({ length: nodes }, () => new Map<number, number>()),
    inner: Array.from({ length: nodes }, () => 0),
  };
  for (const { from, to, weight } of edges) {
    if (from === to) level.inner[from]! += 2 * weight;
    else {
      add(level.neighbours[from]!, to, weight);
      add(level.neighbours[to]!, from, weight);
    }
  }
  return level;
}

const add = (sums: Map<number, number>, key: number, weight: number): Map<number, number> =>
  sums.set(key, (sums.get(key) ?? 0) + weight);

/** Moves each node to the neighbouring community that gains the most, until no move gains. */
function moveNodes({ neighbours, inner }: Level): Uint32Array {
  const count = neighbours.length;
  const degree = neighbours.map((own, node) =>
    [...own.values()].reduce((sum, weight) => sum + weight, inner[node]!),
  );
  const total = degree.reduce((sum, value) => sum + value, 0);
  const community = Uint32Array.from({ length: count }, (_, node) => node);
  const weightOf = Float64Array.from(degree);
  const random = namedRandom(0, "louvain");
  const nodes = [...neighbours.keys()];
  for (let round = 0, moved = total > 0; moved && round < mostRounds; round++) {
    moved = false;
    for (const node of shuffle(nodes, random)) {
      const to = new Map<number, number>();
      for (const [other, weight] of neighbours[node]!) add(to, community[other]!, weight);
      const here = community[node]!;
      weightOf[here]! -= degree[node]!;
      const gain = (target: number): number =>
        (to.get(target) ?? 0) - (weightOf[target]! * degree[node]!) / total;
      let best = here;
      let most = gain(here) + leastGain * total;
      for (const target of to.keys()) {
        if (gain(target) > most) [best, most] = [target, gain(target)];
      }
      weightOf[best]! += degree[node]!;
      if (best === here) continue;
      community[node] = best;
      moved = true;
    }
  }
  return community;
}

/** Communities become the nodes of the next level. */
function merge({ neighbours, inner }: Level, communities: Uint32Array, numbers: Map<number, number>): Level {
  const merged = toLevel(numbers.size, []);
  for (const [node, own] of neighbours.entries()) {
    const from = numbers.get(communities[node]!)!;
    merged.inner[from]! += inner[node]!;
    for (const [other, weight] of own) {
      const to = numbers.get(communities[other]!)!;
      if (from === to) merged.inner[from]! += weight;
      else add(merged.neighbours[from]!, to, weight);
    }
  }
  return merged;
}
