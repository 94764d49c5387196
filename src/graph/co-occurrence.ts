import type { Edge } from "./network.ts";
import { isWalked } from "./network.ts";
import type { PassageGraph } from "./passage-graph.ts";

/** An entity has to be in so many passages to be part of a community: the corpus's size decides, within these. */
const leastPassages = { few: 2, many: 4, manyPassages: 20_000 };
/** Of edges that many a graph has too many of, the weakest share is left out (graphrag's setting). */
const weakShare = 0.4;
const edgesToPrune = 1000;
/** A passage with more entities than this, such as a register, would join all of them to each other. */
const mostPerPassage = 60;

/**
 * Which entities are mentioned together, weighted by p(x,y) log2(p(x,y) / p(x) p(y)) over passages, where that is
 * above 0. `from` and `to` are places in the graph's list of entities.
 */
export function coOccurrences(graph: PassageGraph): Edge[] {
  const { passages, entities } = graph;
  const least = passages.length > leastPassages.manyPassages ? leastPassages.many : leastPassages.few;
  const places = new Map<string, number>();
  for (const [index, entity] of entities.entries()) {
    const isPart = entity.kind !== "phrase" && entity.passages >= least && isWalked(graph, entity);
    if (isPart) places.set(entity.key, index);
  }
  const together = new Map<number, number>();
  for (const { mentions } of passages) {
    const present = mentions.flatMap(({ key }) => places.get(key) ?? []).sort((a, b) => a - b);
    if (present.length > mostPerPassage) continue;
    for (const [position, a] of present.entries()) {
      for (const b of present.slice(position + 1)) {
        const pair = a * entities.length + b;
        together.set(pair, (together.get(pair) ?? 0) + 1);
      }
    }
  }
  const edges: Edge[] = [];
  for (const [pair, count] of together) {
    const from = Math.floor(pair / entities.length);
    const to = pair % entities.length;
    const joint = count / passages.length;
    const chance = (entities[from]!.passages * entities[to]!.passages) / passages.length ** 2;
    const weight = joint * Math.log2(joint / chance);
    if (weight > 0) edges.push({ from, to, weight });
  }
  edges.sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
  return edges.length < edgesToPrune ? edges : edges.slice(0, Math.ceil(edges.length * (1 - weakShare)));
}
