export { readDocuments } from "./read-documents.ts";
export { parserVersion } from "./parser.ts";
export { chunkDocument, chunkHeader, chunkText } from "./chunk.ts";
