import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import { quantizeColumns, transposeMatrix, type Arithmetic } from "../quantization.ts";
import { requireShape } from "../require-shape.ts";
import type { BertConfig } from "./config.ts";

/** The linear layers of a block, by the names that the graph uses. */
const linearNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attentionOut: "attention.output.dense",
  feedForwardIn: "intermediate.dense",
  feedForwardOut: "output.dense",
} as const;

/**
 * Compiles an encoder into `folder`: `embedding` [vocabulary, hidden], `positions` [positions, hidden] with the
 * embedding of segment 0 added, norms as `<name>.weight` and `.bias`, and `layers.<n>.<linear>` as float32
 * [inputs, outputs] or int8 `.values` with `.scale` [outputs], each with `.bias`.
 */
export function compileBert(
  folder: string,
  config: BertConfig,
  source: WeightSource,
  arithmetic: Arithmetic,
): Promise<CompiledWeights> {
  return compileWeights(folder, `bert-${arithmetic}`, () => bertTensors(config, source, arithmetic));
}

function* bertTensors(
  config: BertConfig,
  source: WeightSource,
  arithmetic: Arithmetic,
): Iterable<CompiledTensor> {
  const { hiddenSize: hidden, intermediateSize } = config;
  // Checkpoints of the bare encoder and of models around it differ by this prefix.
  const prefix = source.names().some((name) => name.startsWith("bert.")) ? "bert." : "";
  const read = (name: string, shape: number[]): Float32Array<ArrayBuffer> => {
    requireShape(source, prefix + name, shape);
    return source.read(prefix + name);
  };
  const vector = (name: string, stored: string, size: number): CompiledTensor => {
    return { name, dtype: "float32", shape: [size], values: read(stored, [size]) };
  };
  function* norm(name: string, stored: string): Iterable<CompiledTensor> {
    yield vector(`${name}.weight`, `${stored}.weight`, hidden);
    yield vector(`${name}.bias`, `${stored}.bias`, hidden);
  }

  yield {
    name: "embedding",
    dtype: "float32",
    shape: [config.vocabularySize, hidden],
    values: read("embeddings.word_embeddings.weight", [config.vocabularySize, hidden]),
  };
  const positions = read("embeddings.position_embeddings.weight", [config.maxPositions, hidden]);
  const segments = read("embeddings.token_type_embeddings.weight", [config.segments, hidden]);
  for (let i = 0; i < positions.length; i++) positions[i]! += segments[i % hidden]!;
  yield { name: "positions", dtype: "float32", shape: [config.maxPositions, hidden], values: positions };
  yield* norm("embeddingNorm", "embeddings.LayerNorm");

  for (let layer = 0; layer < config.layers; layer++) {
    const stored = `encoder.layer.${layer}`;
    yield* norm(`layers.${layer}.attentionNorm`, `${stored}.attention.output.LayerNorm`);
    yield* norm(`layers.${layer}.feedForwardNorm`, `${stored}.output.LayerNorm`);
    for (const [short, long] of Object.entries(linearNames)) {
      const name = `layers.${layer}.${short}`;
      const inputs = short === "feedForwardOut" ? intermediateSize : hidden;
      const outputs = short === "feedForwardIn" ? intermediateSize : hidden;
      const matrix = read(`${stored}.${long}.weight`, [outputs, inputs]);
      const values = transposeMatrix(matrix, outputs, inputs);
      yield vector(`${name}.bias`, `${stored}.${long}.bias`, outputs);
      if (arithmetic === "f32") {
        yield { name, dtype: "float32", shape: [inputs, outputs], values };
        continue;
      }
      const int8 = quantizeColumns(values, inputs, outputs);
      yield { name: `${name}.values`, dtype: "int8", shape: [inputs, outputs], values: int8.values };
      yield { name: `${name}.scale`, dtype: "float32", shape: [outputs], values: int8.scale };
    }
  }
}
