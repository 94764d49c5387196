export { createLocalModel } from "./local/local-model.ts";
export type { LocalModel, LocalModelOptions } from "./local/local-model.ts";
export { createEmbedder } from "./embedder.ts";
export type { EmbedderOptions } from "./embedder.ts";
export { openDecoder } from "./local/open-decoder.ts";
export type { Decoder } from "./local/decoder.ts";
export type { RowInput } from "./local/bound-run.ts";
export type { LoadedAdapter } from "./local/adapter-stack.ts";
export { prefillChunk } from "./local/prompt-reader.ts";
