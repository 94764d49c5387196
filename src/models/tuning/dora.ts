import {
  add,
  detach,
  divide,
  matmul,
  multiply,
  squareRoot,
  sum,
  transpose,
  type Tensor,
} from "../../engine/index.ts";
import {
  layoutAdapter,
  loraScale,
  targetModules,
  type LinearModule,
  type LoraConfig,
} from "./lora-layout.ts";
import { lowRank } from "./lora.ts";
import { extendLayout, type ParameterLayout } from "./parameters.ts";
import { withBias, type FrozenLinear, type Tuning } from "./tuning.ts";

export const magnitudeName = (path: string): string => `base_model.model.${path}.lora_magnitude_vector`;

/**
 * Weight-decomposed adaptation (https://arxiv.org/abs/2402.09353): y = m / |W + s B A| * (W + s B A) x, with a magnitude m for
 * each output and the length of each row, which no gradient passes (section 4.3 of the paper). Dropout is on A's input alone,
 * as LoRA has it; PEFT drops the frozen product's input too.
 *
 * `norms` has the length of every row of W by module path: [outputs].
 */
export function dora(config: LoraConfig, norms: (path: string) => Float32Array): Tuning {
  return {
    layout: ({ modules }) => layoutDora(modules, config),
    connect: (model, tensors) => {
      const { change, dropoutWidth } = lowRank(model, config, tensors);
      const wrap = (frozen: FrozenLinear) => (x: Tensor, layer: number, name: string) => {
        const path = model.pathOf(layer, name);
        const magnitude = tensors.get(magnitudeName(path));
        const product = frozen.product(x, layer, name, change(x, layer, name));
        if (!magnitude) return withBias(frozen, product, layer, name);
        const [a, b] = ["A", "B"].map((kind) => tensors.get(`base_model.model.${path}.lora_${kind}.weight`)!);
        const lengths = rowLengths(
          { a: detach(a!), b: detach(b!), scale: loraScale(config) },
          norms(path),
          (rows) => frozen.product(rows, layer, name),
        );
        return withBias(frozen, multiply(product, divide(magnitude, lengths)), layer, name);
      };
      return { dropoutWidth, wrap };
    },
  };
}

/** Lays an adapter out: as LoRA's, and the magnitudes after it. */
export function layoutDora(modules: readonly LinearModule[], config: LoraConfig): ParameterLayout {
  const magnitudes = targetModules(modules, config).map(({ path, outputs }) => ({
    name: magnitudeName(path),
    shape: [outputs],
  }));
  return extendLayout(layoutAdapter(modules, config), magnitudes);
}

/**
 * The length of each row of W + s B A [outputs] without that matrix: |w|^2 + 2 s b · (A w) + s^2 b · (A A^T) b, where the frozen
 * layer itself multiplies A by W, in whatever arithmetic.
 */
function rowLengths(
  { a, b, scale }: { a: Tensor; b: Tensor; scale: number },
  norms: Float32Array,
  product: (rows: Tensor) => Tensor,
): Tensor {
  const frozen = a.graph.constant(
    "float32",
    norms.map((length) => length ** 2),
  );
  const crossed = sum(multiply(transpose(b, [1, 0]), product(a)), [0]);
  const own = sum(multiply(matmul(b, matmul(a, a, { transposeB: true })), b), [1]);
  return squareRoot(add(frozen, add(multiply(crossed, 2 * scale), multiply(own, scale ** 2))));
}
