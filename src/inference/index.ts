export { createGenerator } from "./generator.ts";
export type { GeneratorOptions } from "./generator.ts";
export { createEmbedder } from "./embedder.ts";
export type { EmbedderOptions } from "./embedder.ts";
