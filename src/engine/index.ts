export { Graph } from "./graph.ts";
export type { DataType, Dim, Operation, Tensor, WeightReference } from "./graph.ts";
export {
  add,
  and,
  detach,
  divide,
  errorFunction,
  exponential,
  gelu,
  geluTanh,
  greaterOrEqual,
  logarithm,
  maximum,
  multiply,
  negate,
  sigmoid,
  softplus,
  squareRoot,
  subtract,
  swiglu,
  tanh,
  where,
} from "./ops/elementwise.ts";
export { concat, expand, pad, reshape, slice, split, sum, transpose, unsqueezeLast } from "./ops/shape.ts";
export { argMax, mean } from "./ops/reduce.ts";
export { matmul, matmulAdd } from "./ops/matmul.ts";
export type { MatmulOptions } from "./ops/matmul.ts";
export { layerNorm, normalizeLength, rmsNorm } from "./ops/normalization.ts";
export { gather, scatterAddRows } from "./ops/indexing.ts";
export {
  attention,
  causalAttention,
  mergeHeads,
  packedCausalMasks,
  packedMask,
  rotary,
  splitHeads,
} from "./ops/attention.ts";
export { int8Linear } from "./ops/quantized.ts";
export type { QuantizedMatrix } from "./ops/quantized.ts";
export { crossEntropy, linearCrossEntropy } from "./ops/loss.ts";
export { cachedAttention, roundToSteps } from "./ops/inference.ts";
export type { CachedAttentionInputs } from "./ops/inference.ts";
export { encodeOnnx } from "./onnx/model.ts";
export { openSession } from "./session/session.ts";
export type { Session, SessionOptions, TensorData, TypedTensor } from "./session/session.ts";
export { openInPlaceSession } from "./session/in-place.ts";
export type { InPlaceSession } from "./session/in-place.ts";
export { gradients } from "./gradient/gradients.ts";
export { adamWDefaults, initializeAdamW, updateAdamWInPlace } from "./optimizer/adamw.ts";
export type { AdamWOptions, AdamWState } from "./optimizer/adamw.ts";
export { clipGlobalNormInPlace, globalNorm } from "./optimizer/clip.ts";
export { scheduleFactor, scheduleNames } from "./optimizer/schedule.ts";
export type { Schedule, ScheduleName } from "./optimizer/schedule.ts";
export { fullAttention, int8LinearByText, int8LinearOfGelu } from "./ops/encoder.ts";
