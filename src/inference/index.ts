export { createGenerator } from "./generator.ts";
export type { GeneratorOptions } from "./generator.ts";
export { createEmbedder } from "./embedder.ts";
export type { EmbedderOptions } from "./embedder.ts";
export { openDecoder } from "./open-decoder.ts";
export type { Decoder, RowInput } from "./decoder.ts";
export type { LoadedAdapter } from "./adapter-stack.ts";
export { prefillChunk } from "./scheduler.ts";
