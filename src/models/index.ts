export { parseLlamaConfig } from "./llama/config.ts";
export type { LlamaConfig } from "./llama/config.ts";
export { compileLlama } from "./llama/weights.ts";
export type { Precision } from "./llama/weights.ts";
export {
  buildEvaluationGraph,
  buildLogitsGraph,
  buildTrainingGraph,
  llamaModules,
} from "./llama/train.ts";
export type { BatchShape, LossGraph } from "./llama/train.ts";
export { adapterTensors, initializeAdapter, layoutAdapter } from "./lora.ts";
export type { AdapterLayout, AdapterTensor, LoraConfig } from "./lora.ts";
export { resolveModel } from "./hub/resolve-model.ts";
export type { ResolvedModel, ResolveOptions } from "./hub/resolve-model.ts";
export { openModel } from "./hub/open-model.ts";
export type { OpenModel } from "./hub/open-model.ts";
export type { CompiledWeights } from "./compiled.ts";
