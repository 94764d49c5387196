export { readDocuments } from "./read-documents.ts";
export { parserVersion } from "./parser.ts";
export { chunkDocument } from "./chunking/chunk-document.ts";
export { chunkHeader, chunkText } from "./chunking/render-chunk.ts";
