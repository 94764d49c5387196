export { checkCitations } from "./citations/citations.ts";
export { indexDocuments, indexIdentity } from "./index-documents.ts";
export type { IndexCounts, IndexRequest } from "./index-documents.ts";
export { openLanceStore } from "./store/lance-store.ts";
export { createRetriever } from "./retrieve.ts";
export type { RetrievalMode } from "./retrieve.ts";
