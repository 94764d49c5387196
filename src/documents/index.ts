export { fileAt, readDocuments, readFiles } from "./read-documents.ts";
export { parserVersion } from "./parser.ts";
export { chunkDocument } from "./chunking/chunk-document.ts";
export type { ChunkOptions } from "./chunking/chunk-document.ts";
export { chunkHeader, chunkText } from "./chunking/render-chunk.ts";
export { child, childrenOf, descendants, elements, readXml, textOf } from "./text/read-xml.ts";
export type { XmlNode } from "./text/read-xml.ts";
export { readFirstSheet } from "./office/read-first-sheet.ts";
export { decodeText } from "./text/text-encoding.ts";
