import { hashEmbedder } from "../retrieval/hash-embedder.case.ts";
import { createVectorSearcher } from "../retrieval/searchers/vector-searcher.ts";
import { testSearcher } from "../retrieval/searchers/searcher.case.ts";
import { createSeedFinder } from "./find-seeds.ts";
import { createGraphSearcher } from "./graph-searcher.ts";
import { buildGraph } from "./passage-graph.ts";

const embedder = hashEmbedder();
const embed = (texts: string[]): Promise<Float32Array[]> => embedder.embed(texts);

testSearcher("graph", (store) => ({
  name: "graph",
  search: async (question, limit) => {
    const [vector] = await embed(["every passage"]);
    const found = await store.search({ by: { vector: vector! }, limit: 99 });
    const graph = await buildGraph(
      found.map(({ chunk }) => chunk),
      { embed, language: "en" },
    );
    const base = createVectorSearcher(store, embedder);
    const findSeeds = createSeedFinder(graph, embed);
    return createGraphSearcher({ graph, findSeeds, base }).search(question, limit);
  },
}));
