import { LoragError } from "../contracts/index.ts";
import type { WeightSource } from "../formats/index.ts";

/** Throws LORAG_TENSOR_SHAPE where a tensor is not what the configuration makes it, LORAG_TENSOR_MISSING where there is none. */
export function requireShape(source: WeightSource, name: string, expected: readonly number[]): void {
  const shape = source.shape(name);
  if (shape.length === expected.length && shape.every((size, axis) => size === expected[axis])) return;
  throw new LoragError({
    code: "LORAG_TENSOR_SHAPE",
    kind: "data",
    message: `The tensor ${name} has the shape [${shape.join(", ")}]; the model's configuration makes it [${expected.join(", ")}]`,
    next: "The weights and config.json are of different models: fetch the model again.",
  });
}
