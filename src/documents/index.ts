export { readDocuments } from "./read-documents.ts";
export type { ReadOptions } from "./read-documents.ts";
export { parserVersion } from "./parser.ts";
export { chunkDocument, chunkHeader, estimateTokens } from "./chunk.ts";
export type { ChunkOptions } from "./chunk.ts";
