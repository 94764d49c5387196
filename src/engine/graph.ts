import { LoragError } from "../contracts/index.ts";

/** Element types, named as onnxruntime names them. */
export type DataType = "float32" | "int64" | "int32" | "int8" | "uint8" | "bool";

/** A fixed size, or the name of a size known only when the graph runs. */
export type Dim = number | string;

export interface TensorType {
  readonly dtype: DataType;
  readonly shape: readonly Dim[];
}

/** A symbolic value: the promise of a tensor when the graph runs. */
export interface Tensor extends TensorType {
  readonly graph: Graph;
  /** Place in the graph's order of creation; producers come before consumers. */
  readonly id: number;
}

export type Attributes = Readonly<Record<string, number | boolean | readonly Dim[] | undefined>>;

/** One application of an operation. */
export interface Node<A extends Attributes = Attributes> {
  readonly operation: Operation<A>;
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly outputs: readonly Tensor[];
}

/** One row of the operation table. */
// The default `any` lets rows with their own attribute types share one table.
export interface Operation<A extends Attributes = any> {
  readonly name: string;
  /** Types of the outputs; throws `shapeError` when the inputs do not fit. */
  infer(inputs: readonly TensorType[], attributes: A): TensorType[];
  /**
   * Gradients of the loss with respect to each input, from those with respect to each output (undefined where an
   * output is not used). `wanted[i]` says whether input i's gradient is needed. Absent: the operation has no gradient.
   */
  gradient?(
    node: Node<A>,
    outputGradients: readonly (Tensor | undefined)[],
    wanted: readonly boolean[],
  ): (Tensor | undefined)[];
  /** `sofar` plus the node's one output, of the same shape, in fewer passes than adding them; undefined where it cannot. */
  addTo?(node: Node<A>, sofar: Tensor): Tensor | undefined;
  /** Writes ONNX nodes; returns the names of the outputs. */
  emit(node: Node<A>, emitter: Emitter): string[];
}

/** ONNX attributes carry their type. */
export type OnnxAttribute =
  { float: number } | { int: number } | { ints: readonly number[] } | { string: string };

/** What an operation sees of the ONNX writer. */
export interface Emitter {
  /** The ONNX name of an input, constant, weight or earlier node's output. */
  name(tensor: Tensor): string;
  /** As `name`, but of a constant or weight that each `reader`, the name of another value, has for itself. */
  nameFor(reader: string, tensor: Tensor): string;
  /** Adds an ONNX node, or finds an identical earlier one. Returns the names of its `outputs` (1 by default). */
  node(
    type: string,
    inputs: readonly string[],
    options?: { domain?: string; attributes?: Readonly<Record<string, OnnxAttribute>>; outputs?: number },
  ): string[];
  constant(dtype: DataType, values: readonly number[], shape?: readonly number[]): string;
  /**
   * A tensor of one value, the same for every use. Where `shape` names sizes known only when the graph runs, they are
   * taken from `like`, a value of that shape.
   */
  filled(dtype: DataType, value: number, shape: readonly Dim[], like: string): string;
}

/** Bytes of a weight in a file beside the model file. Little-endian, row-major. */
export interface WeightReference {
  /** File name, relative to the folder of the model file. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

export type Constant = {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
};

/** Where a tensor comes from. */
export type Source =
  | { readonly input: string }
  | { readonly constant: Constant }
  | { readonly weight: WeightReference }
  | { readonly node: Node };

/** A tensor program under construction. Operations (in ops/) append to it; inputs and outputs are named. */
export class Graph {
  readonly inputs: { readonly name: string; readonly tensor: Tensor }[] = [];
  readonly outputs: { readonly name: string; readonly tensor: Tensor }[] = [];
  readonly #sources: Source[] = [];
  readonly #shared = new Map<string, Tensor>();

  input(name: string, dtype: DataType, shape: readonly Dim[]): Tensor {
    if (this.inputs.some((input) => input.name === name)) throw duplicateName("input", name);
    const tensor = this.#add({ dtype, shape }, { input: name });
    this.inputs.push({ name, tensor });
    return tensor;
  }

  output(name: string, tensor: Tensor): void {
    if (this.outputs.some((output) => output.name === name)) throw duplicateName("output", name);
    this.outputs.push({ name, tensor });
  }

  /** A small tensor kept in the model file itself. `shape` is a scalar or a vector by default. */
  constant(dtype: DataType, values: number | ArrayLike<number>, shape?: readonly number[]): Tensor {
    const list = typeof values === "number" ? [values] : values;
    const dims = shape ?? (typeof values === "number" ? [] : [list.length]);
    const bytes = encode(dtype, list);
    const key = `constant ${dtype} ${dims.join()} ${bytes.length > 4096 ? this.#sources.length : bytes.join()}`;
    return this.#once(key, { dtype, shape: dims }, { constant: { dtype, shape: dims, bytes } });
  }

  weight(reference: WeightReference): Tensor {
    const { file, offset, dtype, shape } = reference;
    return this.#once(
      `weight ${file} ${offset} ${dtype} ${shape.join()}`,
      { dtype, shape },
      { weight: reference },
    );
  }

  apply<A extends Attributes>(operation: Operation<A>, inputs: readonly Tensor[], attributes: A): Tensor[] {
    const outputs: Tensor[] = [];
    const node: Node<A> = { operation, inputs, attributes, outputs };
    const source: Source = { node: node as unknown as Node };
    for (const type of operation.infer(inputs, attributes)) outputs.push(this.#add(type, source));
    return outputs;
  }

  source(tensor: Tensor): Source {
    return this.#sources[tensor.id]!;
  }

  #add(type: TensorType, source: Source): Tensor {
    const tensor: Tensor = {
      graph: this,
      id: this.#sources.length,
      dtype: type.dtype,
      shape: [...type.shape],
    };
    this.#sources.push(source);
    return tensor;
  }

  #once(key: string, type: TensorType, source: Source): Tensor {
    const known = this.#shared.get(key);
    if (known) return known;
    const tensor = this.#add(type, source);
    this.#shared.set(key, tensor);
    return tensor;
  }
}

/** The error of an operation whose inputs do not fit together. */
export function shapeError(operation: string, inputs: readonly TensorType[], why: string): LoragError {
  const types = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join(", ")}]`).join(", ");
  return new LoragError({
    code: "LORAG_SHAPE_MISMATCH",
    kind: "internal",
    message: `${operation}(${types}): ${why}`,
    next: "Check the shapes that the model definition gives to this operation.",
  });
}

const arrayTypes = {
  float32: Float32Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

function encode(dtype: DataType, values: ArrayLike<number>): Uint8Array {
  const array =
    dtype === "int64"
      ? BigInt64Array.from(Array.from(values), (value) => BigInt(value))
      : arrayTypes[dtype].from(values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function duplicateName(what: string, name: string): LoragError {
  return new LoragError({
    code: "LORAG_DUPLICATE_NAME",
    kind: "internal",
    message: `The graph already has an ${what} named ${name}`,
    next: "Give every input and output its own name.",
  });
}
