export { checkCitations } from "./citations.ts";
export { indexDocuments, indexIdentity } from "./index-documents.ts";
export type { IndexCounts, IndexRequest } from "./index-documents.ts";
export { openLanceStore } from "./lance-store.ts";
export { createRetriever } from "./retrieve.ts";
export type { RetrievalMode } from "./retrieve.ts";
