import type { Hit, Searcher } from "../contracts/index.ts";
import type { Seed } from "./find-seeds.ts";
import { passageNetwork } from "./network.ts";
import { pageRank } from "./page-rank.ts";
import type { PassageGraph } from "./passage-graph.ts";

/** So many of the other search's hits have a share of the jumps. */
const priorHits = 200;
/** Of the jumps of the walk, those to the question's entities; the rest goes to passages that the other search found. */
const entityShare = 0.75;
/** HippoRAG's and LinearRAG's. */
const damping = 0.5;

export interface GraphSearcherOptions {
  graph: PassageGraph;
  findSeeds: (question: string) => Promise<Seed[]>;
  /** Finds passages by what they say; the walk sets out from them, too. */
  base: Searcher;
}

/**
 * Passages by what joins them to the entities of the question: personalised PageRank over passages and entities, as
 * HippoRAG 2 and LinearRAG do. Scores are shares of the walk. Where the question names no entity of the graph, the hits
 * are those of `base`, with its scores.
 */
export function createGraphSearcher({ graph, findSeeds, base }: GraphSearcherOptions): Searcher {
  const name = "graph";
  const { passages, entities } = graph;
  const network = passageNetwork(graph);
  const places = new Map(passages.map(({ chunk }, place) => [chunk.id, place]));

  /** Where the walk jumps to. */
  const teleport = (seeds: Seed[], hits: Hit[]): Float32Array => {
    const target = new Float32Array(network.nodes);
    const share = (list: { node: number; weight: number }[], mass: number): void => {
      const sum = list.reduce((total, { weight }) => total + weight, 0);
      for (const { node, weight } of list) target[node]! += (mass * weight) / sum;
    };
    // An entity of few passages says more about which are meant.
    const named = seeds.map(({ entity, score }) => ({
      node: passages.length + entity,
      weight: score / entities[entity]!.passages,
    }));
    const found = hits.flatMap(({ chunk, score }) => {
      const node = places.get(chunk.id);
      return node === undefined || score <= 0 ? [] : [{ node, weight: score }];
    });
    share(named, found.length > 0 ? entityShare : 1);
    share(found, 1 - entityShare);
    return target;
  };

  return {
    name,
    search: async (question, limit) => {
      const [seeds, hits] = await Promise.all([
        findSeeds(question),
        base.search(question, Math.max(priorHits, limit)),
      ]);
      const ranked = (list: Omit<Hit, "ranks">[]): Hit[] =>
        list.slice(0, limit).map((hit, index) => ({ ...hit, ranks: { [name]: index + 1 } }));
      if (seeds.length === 0) return ranked(hits);
      const shares = pageRank(network, teleport(seeds, hits), { damping });
      const order = [...passages.keys()].filter((place) => shares[place]! > 0);
      order.sort((a, b) => shares[b]! - shares[a]! || a - b);
      return ranked(order.map((place) => ({ chunk: passages[place]!.chunk, score: shares[place]! })));
    },
  };
}
