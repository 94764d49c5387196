import type {
  Constant,
  DataType,
  Dim,
  Emitter,
  Graph,
  OnnxAttribute,
  Tensor,
  WeightReference,
} from "../graph.ts";
import { ProtobufWriter } from "./protobuf.ts";

/**
 * Serialises a graph as an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): opset 21 and
 * com.microsoft 1. Only what the outputs depend on is written, and identical nodes are written once. Weights stay
 * in their own files, named relative to the model file's folder. `inPlace` makes a graph for `openInPlaceSession`.
 */
export function encodeOnnx(graph: Graph, name = "graph", options: { inPlace?: boolean } = {}): Uint8Array {
  const model = new ModelEmitter(graph);
  for (const tensor of neededTensors(graph)) {
    const source = graph.source(tensor);
    if ("node" in source && source.node.outputs[0] === tensor) {
      const names = source.node.operation.emit(source.node, model);
      source.node.outputs.forEach((output, i) => model.names.set(output.id, names[i]!));
    }
  }
  return model.finish(name, options.inPlace ?? false);
}

const onnxTypes: Record<DataType, number> = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 };

const bytesPerElement: Record<DataType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
};

class ModelEmitter implements Emitter {
  readonly names = new Map<number, string>();
  readonly #graph: Graph;
  readonly #nodes: ProtobufWriter[] = [];
  readonly #known = new Map<string, string[]>();
  readonly #readers = new Map<string, string[]>();
  readonly #filled = new Map<string, string>();
  readonly #initializers = new Map<string, { name: string; encoded: ProtobufWriter }>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  readonly name = (tensor: Tensor): string => this.#name(tensor, "");

  readonly nameFor = (reader: string, tensor: Tensor): string => {
    const shared = this.name(tensor);
    const readers = this.#readers.get(shared) ?? [];
    this.#readers.set(shared, readers);
    if (!readers.includes(reader)) readers.push(reader);
    // The first reader's is the one that all others share.
    const place = readers.indexOf(reader);
    return place === 0 ? shared : this.#name(tensor, ` ${place}`);
  };

  /** `copy` tells apart constants and weights that are the same. */
  #name(tensor: Tensor, copy: string): string {
    const known = this.names.get(tensor.id);
    if (known !== undefined) return known;
    const source = this.#graph.source(tensor);
    if ("input" in source) return source.input;
    if ("constant" in source)
      return this.#initializer(constantKey(source.constant) + copy, encodeConstant(source.constant));
    if ("weight" in source) {
      const { file, offset, shape } = source.weight;
      return this.#initializer(`${file} ${offset} ${shape}${copy}`, encodeWeight(source.weight));
    }
    throw new Error(`${source.node.operation.name} is used before it is written`);
  }

  readonly node: Emitter["node"] = (type, inputs, options = {}) => {
    const { domain = "", attributes = {}, outputs = 1 } = options;
    const key = JSON.stringify([type, inputs, domain, attributes, outputs]);
    const known = this.#known.get(key);
    if (known) return known;
    const name = `${type}_${this.#nodes.length}`;
    const names = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    this.#known.set(key, names);
    this.#nodes.push(encodeNode(name, type, domain, inputs, names, attributes));
    return names;
  };

  readonly constant: Emitter["constant"] = (dtype, values, shape = [values.length]) =>
    this.name(this.#graph.constant(dtype, values, shape));

  readonly filled: Emitter["filled"] = (dtype, value, shape, like) => {
    const key = `${dtype} ${value} ${shape}`;
    const known = this.#filled.get(key);
    if (known !== undefined) return known;
    const name = this.#fill(dtype, value, shape, like);
    this.#filled.set(key, name);
    return name;
  };

  #fill(dtype: DataType, value: number, shape: readonly Dim[], like: string): string {
    const sizes = shape.filter((size) => typeof size === "number");
    if (sizes.length === shape.length) {
      const count = sizes.reduce((a, b) => a * b, 1);
      return this.constant(dtype, Array<number>(count).fill(value), sizes);
    }
    const [actual] = this.node("Shape", [like]);
    return this.node("Expand", [this.constant(dtype, [value]), actual!])[0]!;
  }

  finish(name: string, inPlace: boolean): Uint8Array {
    // Every output gets its own name; an Identity keeps that apart from how the value came about.
    for (const { name, tensor } of this.#graph.outputs) {
      this.#nodes.push(encodeNode(`output_${name}`, "Identity", "", [this.name(tensor)], [name], {}));
    }
    const graph = new ProtobufWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, name);
    if (inPlace) {
      graph.message(1, encodeNode(inPlaceOutput, "SequenceEmpty", "", [], [inPlaceOutput], {}));
      graph.message(12, encodeSequence(inPlaceOutput));
    }
    for (const { encoded } of this.#initializers.values()) graph.message(5, encoded);
    for (const { name, tensor } of this.#graph.inputs)
      graph.message(11, encodeValue(name, tensor.dtype, tensor.shape));
    for (const { name, tensor } of this.#graph.outputs)
      graph.message(12, encodeValue(name, tensor.dtype, tensor.shape));
    return new ProtobufWriter()
      .integer(1, 10) // ir_version
      .string(2, "lorag")
      .message(7, graph)
      .message(8, new ProtobufWriter().string(1, "").integer(2, 21))
      .message(8, new ProtobufWriter().string(1, "com.microsoft").integer(2, 1))
      .finish();
  }

  #initializer(key: string, encode: (name: string) => ProtobufWriter): string {
    const known = this.#initializers.get(key);
    if (known) return known.name;
    const name = `constant_${this.#initializers.size}`;
    this.#initializers.set(key, { name, encoded: encode(name) });
    return name;
  }
}

/** First output of a graph for `openInPlaceSession`: a sequence, which tells the binding to copy nothing out. */
export const inPlaceOutput = "in_place";

/** The tensors that the outputs depend on, producers first. */
function neededTensors(graph: Graph): Tensor[] {
  const needed = new Map<number, Tensor>();
  const waiting = graph.outputs.map(({ tensor }) => tensor);
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (needed.has(tensor.id)) continue;
    const source = graph.source(tensor);
    needed.set(tensor.id, tensor);
    // A node is written when its first output comes up.
    if ("node" in source) waiting.push(source.node.outputs[0]!, ...source.node.inputs);
  }
  return [...needed.values()].sort((a, b) => a.id - b.id);
}

function constantKey({ dtype, shape, bytes }: Constant): string {
  return `${dtype} ${shape} ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}`;
}

function encodeConstant({ dtype, shape, bytes }: Constant): (name: string) => ProtobufWriter {
  return (name) => encodeTensor(name, dtype, shape).bytes(9, bytes);
}

function encodeWeight({
  file,
  offset,
  length,
  dtype,
  shape,
}: WeightReference): (name: string) => ProtobufWriter {
  const expected = shape.reduce((a, b) => a * b, bytesPerElement[dtype]);
  if (length !== expected)
    throw new Error(`weight in ${file} at ${offset}: ${length} bytes for ${dtype}[${shape}]`);
  return (name) => {
    const tensor = encodeTensor(name, dtype, shape);
    for (const [key, value] of [
      ["location", file],
      ["offset", `${offset}`],
      ["length", `${length}`],
    ] as const) {
      tensor.message(13, new ProtobufWriter().string(1, key).string(2, value));
    }
    return tensor.integer(14, 1); // data_location = EXTERNAL
  };
}

function encodeTensor(name: string, dtype: DataType, shape: readonly number[]): ProtobufWriter {
  const tensor = new ProtobufWriter();
  for (const dim of shape) tensor.integer(1, dim);
  return tensor.integer(2, onnxTypes[dtype]).string(8, name);
}

function encodeNode(
  name: string,
  type: string,
  domain: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>>,
): ProtobufWriter {
  const node = new ProtobufWriter();
  for (const input of inputs) node.string(1, input);
  for (const output of outputs) node.string(2, output);
  node.string(3, name).string(4, type);
  for (const [key, value] of Object.entries(attributes)) node.message(5, encodeAttribute(key, value));
  return domain ? node.string(7, domain) : node;
}

function encodeAttribute(name: string, value: OnnxAttribute): ProtobufWriter {
  const attribute = new ProtobufWriter().string(1, name);
  if ("float" in value) return attribute.float(2, value.float).integer(20, 1);
  if ("int" in value) return attribute.integer(3, value.int).integer(20, 2);
  if ("string" in value) return attribute.string(4, value.string).integer(20, 3);
  for (const int of value.ints) attribute.integer(8, int);
  return attribute.integer(20, 7);
}

function encodeValue(name: string, dtype: DataType, shape: readonly Dim[]): ProtobufWriter {
  const dims = new ProtobufWriter();
  for (const dim of shape) {
    const encoded = new ProtobufWriter();
    dims.message(1, typeof dim === "number" ? encoded.integer(1, dim) : encoded.string(2, dim));
  }
  const tensorType = new ProtobufWriter().integer(1, onnxTypes[dtype]).message(2, dims);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType));
}

/** A sequence of float32 tensors of any shape. */
function encodeSequence(name: string): ProtobufWriter {
  const tensor = new ProtobufWriter().message(1, new ProtobufWriter().integer(1, onnxTypes.float32));
  const sequence = new ProtobufWriter().message(4, new ProtobufWriter().message(1, tensor));
  return new ProtobufWriter().string(1, name).message(2, sequence);
}
