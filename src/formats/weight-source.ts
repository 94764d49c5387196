/**
 * A model's weights by the names that Hugging Face checkpoints use (`model.layers.0.self_attn.q_proj.weight`),
 * whatever file they come from. Tensors are read on demand; nothing is kept.
 */
export interface WeightSource {
  names(): string[];
  /** Row-major dimensions, outermost first. Throws LORAG_TENSOR_MISSING. */
  shape(name: string): readonly number[];
  /** The values as f32, dequantised where needed. Throws LORAG_TENSOR_MISSING, LORAG_TENSOR_TYPE. */
  read(name: string): Float32Array<ArrayBuffer>;
  close(): void;
}
