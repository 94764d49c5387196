import type { Hit, Reranker, Retrieve, Searcher } from "../contracts/index.ts";
import { findCommunities, type Community } from "./communities.ts";
import { dropCopies } from "../retrieval/index.ts";
import { createSeedFinder } from "./find-seeds.ts";
import { searchGlobally } from "./global-search.ts";
import { createGraphSearcher } from "./graph-searcher.ts";
import type { Embed, PassageGraph } from "./passage-graph.ts";
import { routeQuestion } from "./route-question.ts";

/** Of each search, those that a reranker sees. */
const reranked = { plain: 30, graph: 10 };
/** A passage is on a global question from this cosine on: about where sentences that share a subject begin. */
const onSubject = 0.25;
/** Passages ranked for a global question. */
const ranked = 1000;

export interface GraphRetrieverOptions {
  graph: PassageGraph;
  embed: Embed;
  /** The search without the graph. */
  plain: Retrieve;
  /** By vectors: what the walk sets out from beside the entities, and what is on the subject of a global question. */
  vectors: Searcher;
  reranker?: Reranker;
}

/**
 * Retrieval by a graph of the passages. `Hit.ranks` says which way a question went: `graph` for what is found from the
 * entities that it names, `global` for a choice over all subjects of the corpus; neither where the graph has nothing
 * to say, and the plain search answers. Copies of a passage take one place. With a reranker, the union of what the graph and the plain search found is put
 * in its order; without one, the graph's order stands, which takes the plain search's evidence in.
 */
export function createGraphRetriever({
  graph,
  embed,
  plain,
  vectors,
  reranker,
}: GraphRetrieverOptions): Retrieve {
  const findSeeds = createSeedFinder(graph, embed);
  const local = createGraphSearcher({ graph, findSeeds, base: vectors });
  let communities: Community[] | undefined;

  const searchLocally: Retrieve = async (question, limit) => {
    // More than asked for, since copies are left out.
    const found = await local.search(question, 2 * limit + reranked.graph);
    if (!reranker) return found;
    const others = await plain(question, Math.max(limit, reranked.plain));
    const known = new Set(found.map(({ chunk }) => chunk.id));
    return reranker.rerank(question, [...found, ...others.filter(({ chunk }) => !known.has(chunk.id))]);
  };

  const searchWhole: Retrieve = async (question, limit) => {
    communities ??= findCommunities(graph);
    const hits = await vectors.search(question, ranked);
    const scores = new Map(hits.map(({ chunk, score }) => [chunk.id, score]));
    const { findings } = await searchGlobally(question, graph, communities, {
      ranking: hits.map(({ chunk }) => chunk),
      isRelevant: async (_, chunk) => (scores.get(chunk.id) ?? 0) >= onSubject,
      budget: 10 * limit,
    });
    return takeTurns(findings, ({ community }) => community.id).map(({ chunk }, index) => ({
      chunk,
      score: scores.get(chunk.id) ?? 0,
      ranks: { global: index + 1 },
    }));
  };

  return async (question, limit) => {
    const route = routeQuestion(question, await findSeeds(question));
    const found: Hit[] =
      route === "local"
        ? await searchLocally(question, limit)
        : route === "global"
          ? await searchWhole(question, limit)
          : [];
    return found.length > 0 ? dropCopies(found).slice(0, limit) : plain(question, limit);
  };
}

/** The first of each group, then the second of each, and so on: the best of every subject before more of one. */
function takeTurns<Item>(items: readonly Item[], group: (item: Item) => number): Item[] {
  const turns = new Map<number, number>();
  return items
    .map((item, index) => {
      const turn = turns.get(group(item)) ?? 0;
      turns.set(group(item), turn + 1);
      return { item, turn, index };
    })
    .sort((a, b) => a.turn - b.turn || a.index - b.index)
    .map(({ item }) => item);
}
