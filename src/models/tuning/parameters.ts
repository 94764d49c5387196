import { reshape, split, type Tensor } from "../../engine/index.ts";

/** A tensor within the flat array that holds all that is trained. */
export interface ParameterTensor {
  /** As it is saved. */
  name: string;
  shape: readonly number[];
  /** In elements. */
  offset: number;
}

/** Where trained tensors lie, without gaps, in one flat float32 array of `size` elements. */
export interface ParameterLayout<Item extends ParameterTensor = ParameterTensor> {
  size: number;
  tensors: readonly Item[];
}

export const sizeOf = ({ shape }: Pick<ParameterTensor, "shape">): number => shape.reduce((a, b) => a * b, 1);

/** A layout with further tensors after its own. */
export function extendLayout(
  layout: ParameterLayout | undefined,
  more: readonly Pick<ParameterTensor, "name" | "shape">[],
): ParameterLayout {
  const tensors = [...(layout?.tensors ?? [])];
  let size = layout?.size ?? 0;
  for (const { name, shape } of more) {
    tensors.push({ name, shape, offset: size });
    size += sizeOf({ shape });
  }
  return { size, tensors };
}

/** The tensors by name, as views of the flat array. */
export function parameterTensors<Item extends ParameterTensor>(
  layout: ParameterLayout<Item>,
  values: Float32Array<ArrayBuffer>,
): Map<string, { shape: Item["shape"]; values: Float32Array<ArrayBuffer> }> {
  return new Map(
    layout.tensors.map((tensor) => [
      tensor.name,
      { shape: tensor.shape, values: values.subarray(tensor.offset, tensor.offset + sizeOf(tensor)) },
    ]),
  );
}

/** The tensors by name, cut from a flat value of the graph. */
export function cutParameters(flat: Tensor, { tensors }: ParameterLayout): Map<string, Tensor> {
  const pieces = split(flat, 0, tensors.map(sizeOf));
  return new Map(tensors.map(({ name, shape }, i) => [name, reshape(pieces[i]!, shape)]));
}
