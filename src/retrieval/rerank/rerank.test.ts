import { hashEmbedder } from "../hash-embedder.case.ts";
import { testReranker } from "./reranker.case.ts";
import { createSentenceReranker } from "./sentence-reranker.ts";

testReranker("by sentences", () => createSentenceReranker(hashEmbedder()));
