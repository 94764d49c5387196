import {
  Graph,
  add,
  concat,
  encodeOnnx,
  gather,
  gradients,
  int8Linear,
  linearCrossEntropy,
  matmul,
  multiply,
  pad,
  reshape,
  slice,
  split,
  sum,
  expand,
  type Tensor,
} from "../../engine/index.ts";
import type { CompiledWeights } from "../compiled.ts";
import {
  layoutAdapter,
  targetModules,
  type AdapterLayout,
  type LinearModule,
  type LoraConfig,
} from "../lora.ts";
import type { LlamaConfig } from "./config.ts";
import { llamaBlocks, llamaFinalNorm, llamaOutput, type Linear } from "./forward.ts";
import {
  int8Weight,
  linearGroups,
  linearShape,
  weight,
  type LinearGroup,
  type Precision,
} from "./weights.ts";

/** Fixed sizes of a packed batch. */
export interface BatchShape {
  batch: number;
  /** Tokens in a row of the batch; several sequences may share a row. */
  length: number;
  /** Tokens whose prediction is scored, padding included. */
  scored: number;
}

/**
 * A graph on a packed batch. Inputs, all int64 but where said: `ids`, `positions`, `segments` [batch, length];
 * `scored` [scored], places in the flattened batch whose next token is scored; `targets` [scored], those next
 * tokens; `weights` float32 [scored], 0 for padding; `adapter` float32 [layout.size], absent without LoRA;
 * `dropout` float32 [batch * length, dropoutWidth], 0 or 1 / (1 - p), only when training with dropout.
 */
export interface LossGraph {
  onnx: Uint8Array;
  /** How `adapter` is laid out. */
  layout: AdapterLayout;
  /** Columns of the `dropout` input; 0 without it. */
  dropoutWidth: number;
}

interface Options {
  config: LlamaConfig;
  weights: CompiledWeights;
  precision: Precision;
  shape: BatchShape;
}

/** Outputs `loss` (scalar, the weighted sum of negative log likelihoods) and `gradient` [layout.size]. */
export function buildTrainingGraph(options: Options & { lora: LoraConfig }): LossGraph {
  const { graph, loss, adapter, layout, dropoutWidth } = buildLoss(options, options.lora, true);
  graph.output("loss", loss);
  graph.output("gradient", gradients(graph, loss, [adapter!])[0]!);
  return { onnx: encodeOnnx(graph, "llama-train"), layout, dropoutWidth };
}

/** Outputs `loss` as in training, and `losses` [scored], each prediction's negative log likelihood unweighted. */
export function buildEvaluationGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { graph, loss, losses, layout } = buildLoss(options, options.lora, false);
  graph.output("loss", loss);
  graph.output("losses", losses);
  return { onnx: encodeOnnx(graph, "llama-evaluate"), layout, dropoutWidth: 0 };
}

/** Inputs `ids`, `positions`, `segments` and `adapter` as in training; output `logits` [batch * length, vocabulary]. */
export function buildLogitsGraph(options: Options & { lora?: LoraConfig }): LossGraph {
  const { config, weights, shape, lora } = options;
  const { graph, hidden, layout } = buildHidden(options, lora, false, shape);
  const normalized = llamaFinalNorm(graph, config, weights, hidden);
  graph.output("logits", matmul(normalized, llamaOutput(graph, config, weights), { transposeB: true }));
  return { onnx: encodeOnnx(graph, "llama-logits"), layout, dropoutWidth: 0 };
}

function buildLoss(options: Options, lora: LoraConfig | undefined, training: boolean) {
  const { config, weights, shape } = options;
  const built = buildHidden(options, lora, training, shape);
  const { graph, hidden } = built;
  const places = graph.input("scored", "int64", [shape.scored]);
  const targets = graph.input("targets", "int64", [shape.scored]);
  const importance = graph.input("weights", "float32", [shape.scored]);
  const normalized = llamaFinalNorm(graph, config, weights, gather(hidden, places));
  const losses = linearCrossEntropy(normalized, llamaOutput(graph, config, weights), targets);
  return { ...built, losses, loss: sum(multiply(losses, importance)) };
}

function buildHidden(
  { config, weights, precision }: Options,
  lora: LoraConfig | undefined,
  training: boolean,
  { batch, length }: BatchShape,
) {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, "int64", [batch, length]);
  const inputs = { ids: input("ids"), positions: input("positions"), segments: input("segments") };

  const frozen: Linear = (x, layer, group) => {
    const name = `layers.${layer}.${group}`;
    return precision === "int8"
      ? int8Linear(x, int8Weight(graph, weights, name))
      : matmul(x, weight(graph, weights, name), { transposeB: true });
  };
  if (!lora) {
    const hidden = llamaBlocks(graph, config, weights, frozen, inputs);
    return { graph, hidden, adapter: undefined, layout: { size: 0, tensors: [] }, dropoutWidth: 0 };
  }

  const modules = llamaModules(config);
  const layout = layoutAdapter(modules, lora);
  const adapter = graph.input("adapter", "float32", [layout.size]);
  const matrices = adapterMatrices(adapter, modules, layout, lora);
  const rows = batch * length;
  const noise = training && lora.dropout > 0 ? dropoutNoise(graph, config, rows) : undefined;
  const linear: Linear = (x, layer, group) => {
    const base = frozen(x, layer, group);
    const matrix = matrices.get(`${layer}.${group}`);
    if (!matrix) return base;
    const reduced = matmul(noise ? multiply(x, noise(x, layer, group)) : x, matrix.a, {
      transposeB: true,
      alpha: lora.alpha / lora.rank,
    });
    return add(base, matmul(reduced, matrix.b, { transposeB: true }));
  };
  const hidden = llamaBlocks(graph, config, weights, linear, inputs);
  return { graph, hidden, adapter, layout, dropoutWidth: noise ? noiseWidth(config) : 0 };
}

/** The linear layers of the model in its order. */
export function llamaModules(config: LlamaConfig): LinearModule[] {
  return Array.from({ length: config.layers }, (_, layer) =>
    Object.entries(linearGroups).flatMap(([group, names]) =>
      names.map((name) => {
        const [outputs, inputs] = linearShape(config, name);
        return { path: `model.layers.${layer}.${name}`, group: `${layer}.${group}`, outputs, inputs };
      }),
    ),
  ).flat();
}

/**
 * Per group of modules: `a` [members * rank, inputs], the members' A one under another, and `b`
 * [outputs, members * rank], their B on the diagonal, so that one product serves the whole group.
 */
function adapterMatrices(
  adapter: Tensor,
  modules: readonly LinearModule[],
  layout: AdapterLayout,
  { rank, targets }: LoraConfig,
): Map<string, { a: Tensor; b: Tensor }> {
  const targeted = new Set(targetModules(modules, targets));
  const groups = [...new Set([...targeted].map(({ group }) => group))];
  const membersOf = (group: string) => modules.filter((module) => module.group === group);
  const sizes = groups.flatMap((group) => {
    const members = membersOf(group).filter((module) => targeted.has(module));
    return [members.length * rank * members[0]!.inputs, ...members.map(({ outputs }) => outputs * rank)];
  });
  if (sizes.reduce((a, b) => a + b, 0) !== layout.size) throw new Error("the adapter layout has other sizes");
  const pieces = split(adapter, 0, sizes)[Symbol.iterator]();
  const next = (): Tensor => pieces.next().value!;

  return new Map(
    groups.map((group) => {
      const members = membersOf(group);
      const width = members.filter((module) => targeted.has(module)).length * rank;
      const a = reshape(next(), [width, members[0]!.inputs]);
      let before = 0;
      const diagonal = members.map((module) => {
        if (!targeted.has(module))
          return expand(adapter.graph.constant("float32", 0), [module.outputs, width]);
        const b = pad(reshape(next(), [module.outputs, rank]), 1, before, width - rank - before);
        before += rank;
        return b;
      });
      return [group, { a, b: concat(diagonal, 0) }] as const;
    }),
  );
}

/**
 * Dropout draws one array a step and gives each layer another window of its columns: cheaper than an array per
 * layer, and still a fresh mask for each layer and step. Modules on the same input share theirs.
 */
function dropoutNoise(graph: Graph, config: LlamaConfig, rows: number) {
  const width = noiseWidth(config);
  const noise = graph.input("dropout", "float32", [rows, width]);
  const groups = Object.keys(linearGroups);
  return (x: Tensor, layer: number, group: LinearGroup): Tensor => {
    const inputs = x.shape[1] as number;
    const place = layer * groups.length + groups.indexOf(group);
    const start = (place * windowStep) % (width - inputs + 1);
    return slice(noise, 1, start, start + inputs);
  };
}

/** A prime, so that windows of different layers do not line up. */
const windowStep = 101;

function noiseWidth({ hiddenSize, intermediateSize }: LlamaConfig): number {
  return 2 * Math.max(hiddenSize, intermediateSize);
}
