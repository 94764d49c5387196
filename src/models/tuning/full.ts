import { extendLayout, type ParameterLayout } from "./parameters.ts";
import type { ModelWeight, Tunable, Tuning } from "./tuning.ts";
import { layerOf } from "./lora-layout.ts";

/** Every weight is trained, or those of the last `layers` blocks alone. */
export function full({ layers }: { layers?: number | undefined }): Tuning {
  return {
    layout: (model) => layoutWeights(model, layers),
    connect: (model, tensors) => {
      const stored = new Map(model.weights.map(({ name, stored }) => [name, stored]));
      return {
        dropoutWidth: 0,
        replace: (frozen) => (name) => tensors.get(stored.get(name) ?? "") ?? frozen(name),
      };
    },
  };
}

/** By the checkpoint's names, in its order. */
function layoutWeights({ weights }: Pick<Tunable, "weights">, layers: number | undefined): ParameterLayout {
  return extendLayout(
    undefined,
    trainedWeights(weights, layers).map(({ stored, shape }) => ({ name: stored, shape })),
  );
}

/** Of the last `layers` blocks, or all. */
export function trainedWeights(
  weights: readonly ModelWeight[],
  layers: number | undefined,
): readonly ModelWeight[] {
  if (layers === undefined) return weights;
  const count = 1 + Math.max(...weights.map(({ stored }) => layerOf(stored)));
  return weights.filter(({ stored }) => layerOf(stored) >= count - layers);
}
