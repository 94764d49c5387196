import { hashEmbedder } from "../hash-embedder.case.ts";
import { createBm25Searcher } from "./bm25-searcher.ts";
import { testSearcher } from "./searcher.case.ts";
import { createVectorSearcher } from "./vector-searcher.ts";

testSearcher("bm25", createBm25Searcher);
testSearcher("vector", (store) => createVectorSearcher(store, hashEmbedder()));
