import { coOccurrences } from "./co-occurrence.ts";
import { louvain } from "./louvain.ts";
import type { Edge } from "./network.ts";
import type { PassageGraph } from "./passage-graph.ts";

/** Entities that are mentioned together more than with others. */
export interface Community {
  /** Its place in the list. */
  id: number;
  /** The community that it is a part of. */
  parent?: number;
  children: number[];
  /** Places in the graph's list of entities. */
  entities: number[];
  /** Its best joined entities, by name. */
  label: string;
}

/** Larger communities are split further (graphrag's setting). */
const largest = 10;
const labelNames = 5;

/**
 * The communities of a graph, each in parts as long as that splits it and it has more than `largest` entities, by
 * Louvain; what is not connected within a community is several. Parents stand
 * before their children.
 */
export function findCommunities(graph: PassageGraph): Community[] {
  const found: Community[] = [];
  const add = (parts: Part[], parent?: number): void => {
    for (const part of parts) {
      const id = found.length;
      found.push({
        id,
        ...(parent !== undefined && { parent }),
        children: [],
        entities: part.nodes,
        label: describe(part, graph),
      });
      if (parent !== undefined) found[parent]!.children.push(id);
      const smaller = part.nodes.length > largest ? cluster(part.edges) : [];
      if (smaller.length > 1) add(smaller, id);
    }
  };
  add(cluster(coOccurrences(graph)));
  return found;
}

interface Part {
  /** In ascending order. */
  nodes: number[];
  edges: Edge[];
}

/** Splits what the edges join; the largest part first. */
function cluster(edges: Edge[]): Part[] {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const places = new Map(nodes.map((node, place) => [node, place]));
  const local = edges.map(({ from, to, weight }) => ({
    from: places.get(from)!,
    to: places.get(to)!,
    weight,
  }));
  const communities = louvain(nodes.length, local);
  const isInside = (_: Edge, index: number): boolean =>
    communities[local[index]!.from] === communities[local[index]!.to];
  const parts = connectedParts(nodes, edges.filter(isInside));
  return parts.sort((a, b) => b.nodes.length - a.nodes.length || a.nodes[0]! - b.nodes[0]!);
}

/** Louvain may leave a community in pieces that only others join. */
function connectedParts(nodes: number[], edges: Edge[]): Part[] {
  const parent = new Map(nodes.map((node) => [node, node]));
  const root = (node: number): number => {
    let at = node;
    while (parent.get(at) !== at) {
      parent.set(at, parent.get(parent.get(at)!)!);
      at = parent.get(at)!;
    }
    return at;
  };
  for (const { from, to } of edges) parent.set(root(from), root(to));
  const parts = new Map<number, Part>();
  for (const node of nodes) {
    const part = parts.get(root(node)) ?? { nodes: [], edges: [] };
    part.nodes.push(node);
    parts.set(root(node), part);
  }
  for (const edge of edges) parts.get(root(edge.from))!.edges.push(edge);
  return [...parts.values()];
}

function describe({ nodes, edges }: Part, { entities }: PassageGraph): string {
  const degree = new Map(nodes.map((node) => [node, 0]));
  for (const { from, to, weight } of edges) {
    degree.set(from, degree.get(from)! + weight);
    degree.set(to, degree.get(to)! + weight);
  }
  const best = nodes.toSorted((a, b) => degree.get(b)! - degree.get(a)! || a - b).slice(0, labelNames);
  return best.map((node) => entities[node]!.label).join(", ");
}
