import { kindWeights, type Entity } from "./entity.ts";
import type { PassageGraph } from "./passage-graph.ts";

/**
 * An undirected weighted graph in compressed rows: the neighbours of node `n` are `targets[offsets[n]]` up to, without,
 * `targets[offsets[n + 1]]`; every edge is in both rows.
 */
export interface Network {
  nodes: number;
  offsets: Uint32Array;
  targets: Uint32Array;
  weights: Float32Array;
  /** The sum of each node's weights. */
  degrees: Float32Array;
}

export interface Edge {
  from: number;
  to: number;
  weight: number;
}

/** An entity in more than this share of the passages says nothing about any of them, once those are more than a few. */
const mostCommon = { share: 0.02, passages: 10 };
/** Of a passage to the ones before and after it; its mentions together weigh 1. */
const neighbourWeight = 0.2;

/** Rows from a list of edges. Weights of parallel edges add up in effect. */
export function toNetwork(nodes: number, edges: readonly Edge[]): Network {
  const offsets = new Uint32Array(nodes + 1);
  for (const { from, to } of edges) {
    offsets[from + 1]!++;
    offsets[to + 1]!++;
  }
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!;
  const next = offsets.slice(0, nodes);
  const targets = new Uint32Array(2 * edges.length);
  const weights = new Float32Array(2 * edges.length);
  for (const { from, to, weight } of edges) {
    for (const [here, there] of [
      [from, to],
      [to, from],
    ] as const) {
      const place = next[here]!++;
      targets[place] = there;
      weights[place] = weight;
    }
  }
  const degrees = new Float32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    for (let at = offsets[node]!; at < offsets[node + 1]!; at++) degrees[node]! += weights[at]!;
  }
  return { nodes, offsets, targets, weights, degrees };
}

/** The graph as PageRank walks it: node `n` is passage `n`, and behind the passages the entities in their order. */
export function passageNetwork(graph: PassageGraph): Network {
  const { passages, entities, synonyms } = graph;
  const nodeOf = new Map(entities.map(({ key }, index) => [key, passages.length + index]));
  const walkedEntities = entities.map((entity) => isWalked(graph, entity));
  const edges: Edge[] = [];
  const strength = new Float64Array(entities.length);
  for (const [passage, { chunk, mentions }] of passages.entries()) {
    const walked = mentions.filter(({ key }) => walkedEntities[nodeOf.get(key)! - passages.length]);
    const total = walked.reduce((sum, { kind, count }) => sum + kindWeights[kind] * count, 0);
    for (const { key, kind, count } of walked) {
      const to = nodeOf.get(key)!;
      const weight = (kindWeights[kind] * count) / total;
      edges.push({ from: passage, to, weight });
      strength[to - passages.length]! += weight;
    }
    if (passages[passage - 1]?.chunk.documentId === chunk.documentId) {
      edges.push({ from: passage - 1, to: passage, weight: neighbourWeight });
    }
  }
  for (const { a, b, likeness } of synonyms) {
    if (!walkedEntities[a] || !walkedEntities[b]) continue;
    // As strong as a mention of the weaker one is on average: a likeness of words is no more than that.
    const mean = (index: number): number => strength[index]! / entities[index]!.passages;
    const weight = likeness * Math.min(mean(a), mean(b));
    edges.push({ from: passages.length + a, to: passages.length + b, weight });
  }
  return toNetwork(passages.length + entities.length, edges);
}

/**
 * Whether the walk goes over an entity: not where it is in too many passages to tell one from another, nor over a noun
 * phrase of one passage alone, which leads nowhere.
 */
export function isWalked({ passages }: PassageGraph, entity: Entity): boolean {
  if (entity.kind === "phrase" && entity.passages < 2) return false;
  return entity.passages <= Math.max(mostCommon.passages, mostCommon.share * passages.length);
}
