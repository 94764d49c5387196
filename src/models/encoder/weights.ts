import type { WeightSource } from "../../formats/index.ts";
import { compileWeights, type CompiledTensor, type CompiledWeights } from "../compiled.ts";
import { quantizeColumns, transposeMatrix, type Arithmetic } from "../quantization.ts";
import { requireShape } from "../require-shape.ts";
import type { EncoderConfig } from "./config.ts";
import { distanceBuckets } from "./distance-buckets.ts";
import { linearNames } from "./linear-layers.ts";

/**
 * Compiles an encoder into `folder`: `embedding` [vocabulary, hidden], `positions` [positions, hidden] with the
 * embedding of segment 0 added, norms as `<name>.weight` and `.bias`, and `layers.<n>.<linear>` as float32
 * [inputs, outputs] or int8 `.values` with `.scale` [outputs], each with `.bias`; where there is such a thing,
 * `distances` [2 positions - 1, heads], what attention adds for a key's place less the query's.
 */
export function compileEncoder(
  folder: string,
  config: EncoderConfig,
  source: WeightSource,
  arithmetic: Arithmetic,
): Promise<CompiledWeights> {
  return compileWeights(folder, `encoder-${arithmetic}`, () => encoderTensors(config, source, arithmetic));
}

/**
 * Adds what a classifier needs in float32: `segments` [segments, hidden], what each adds to segment 0, and of its head
 * `dense` and `scores` [inputs, outputs], each with `.bias`.
 */
export async function compileClassifier(
  folder: string,
  config: EncoderConfig,
  source: WeightSource,
  weights: CompiledWeights,
): Promise<CompiledWeights> {
  const head = await compileWeights(folder, "classifier", () => classifierTensors(config, source));
  return new Map([...weights, ...head]);
}

type Read = (name: string, shape: number[]) => Float32Array<ArrayBuffer>;

/** Of an encoder's part, whether the checkpoint is of the bare encoder or of a model around it. */
function encoderReader({ names }: EncoderConfig, source: WeightSource): Read {
  const prefix = source.names().some((name) => name.startsWith(`${names.prefix}.`)) ? `${names.prefix}.` : "";
  return (name, shape) => {
    requireShape(source, prefix + name, shape);
    return source.read(prefix + name);
  };
}

function* encoderTensors(
  config: EncoderConfig,
  source: WeightSource,
  arithmetic: Arithmetic,
): Iterable<CompiledTensor> {
  const { hiddenSize: hidden, intermediateSize, names, firstPosition, maxPositions } = config;
  const read = encoderReader(config, source);
  const f32 = (name: string, shape: number[], values: Float32Array): CompiledTensor => {
    return { name, dtype: "float32", shape, values };
  };
  const vector = (name: string, stored: string, size: number): CompiledTensor =>
    f32(name, [size], read(stored, [size]));
  function* norm(name: string, stored: string): Iterable<CompiledTensor> {
    yield vector(`${name}.weight`, `${stored}.weight`, hidden);
    yield vector(`${name}.bias`, `${stored}.bias`, hidden);
  }

  const words = [config.vocabularySize, hidden];
  yield f32("embedding", words, read("embeddings.word_embeddings.weight", words));
  const table = read("embeddings.position_embeddings.weight", [firstPosition + maxPositions, hidden]);
  const positions = table.slice(firstPosition * hidden);
  if (config.segments > 0) {
    const segments = read("embeddings.token_type_embeddings.weight", [config.segments, hidden]);
    for (let i = 0; i < positions.length; i++) positions[i]! += segments[i % hidden]!;
  }
  yield f32("positions", [maxPositions, hidden], positions);
  yield* norm("embeddingNorm", "embeddings.LayerNorm");
  if (config.distanceBuckets !== undefined) {
    const shape = [config.distanceBuckets, config.heads];
    const steps = read("encoder.relative_attention_bias.weight", shape);
    const buckets = distanceBuckets(maxPositions, config.distanceBuckets);
    const values = Float32Array.from(
      { length: buckets.length * config.heads },
      (_, i) => steps[buckets[Math.floor(i / config.heads)]! * config.heads + (i % config.heads)]!,
    );
    yield f32("distances", [buckets.length, config.heads], values);
  }

  for (let layer = 0; layer < config.layers; layer++) {
    const stored = `${names.layer}.${layer}`;
    yield* norm(`layers.${layer}.attentionNorm`, `${stored}.${names.attentionNorm}`);
    yield* norm(`layers.${layer}.feedForwardNorm`, `${stored}.${names.feedForwardNorm}`);
    for (const short of linearNames) {
      const name = `layers.${layer}.${short}`;
      const inputs = short === "feedForwardOut" ? intermediateSize : hidden;
      const outputs = short === "feedForwardIn" ? intermediateSize : hidden;
      const matrix = read(`${stored}.${names[short]}.weight`, [outputs, inputs]);
      const values = transposeMatrix(matrix, outputs, inputs);
      yield vector(`${name}.bias`, `${stored}.${names[short]}.bias`, outputs);
      if (arithmetic === "f32") {
        yield f32(name, [inputs, outputs], values);
        continue;
      }
      const int8 = quantizeColumns(values, inputs, outputs);
      yield { name: `${name}.values`, dtype: "int8", shape: [inputs, outputs], values: int8.values };
      yield { name: `${name}.scale`, dtype: "float32", shape: [outputs], values: int8.scale };
    }
  }
}

function* classifierTensors(config: EncoderConfig, source: WeightSource): Iterable<CompiledTensor> {
  const { hiddenSize: hidden, labels, segments, names } = config;
  if (segments > 1) {
    const table = encoderReader(config, source)("embeddings.token_type_embeddings.weight", [
      segments,
      hidden,
    ]);
    const values = table.map((value, i) => value - table[i % hidden]!);
    yield { name: "segments", dtype: "float32", shape: [segments, hidden], values };
  }
  const layers = { dense: [names.head.dense, hidden], scores: [names.head.scores, labels] } as const;
  for (const [name, [stored, outputs]] of Object.entries(layers)) {
    requireShape(source, `${stored}.weight`, [outputs, hidden]);
    requireShape(source, `${stored}.bias`, [outputs]);
    const values = transposeMatrix(source.read(`${stored}.weight`), outputs, hidden);
    yield { name, dtype: "float32", shape: [hidden, outputs], values };
    yield { name: `${name}.bias`, dtype: "float32", shape: [outputs], values: source.read(`${stored}.bias`) };
  }
}
