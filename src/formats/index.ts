export type { WeightSource } from "./weight-source.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export type { FloatTensor, SafetensorsFile } from "./safetensors.ts";
export { readGguf } from "./gguf.ts";
export type { GgufFile, GgufValue } from "./gguf.ts";
export { openLlamaGguf } from "./gguf-llama.ts";
export type { LlamaGgufConfig } from "./gguf-llama.ts";
