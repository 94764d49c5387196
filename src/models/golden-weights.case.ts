import type { WeightSource } from "../formats/index.ts";

/** Of each tensor its shape, and the middle of its values. */
export type GoldenTensors = Readonly<Record<string, [number[], number]>>;

/** Weights by the formula of test/golden/decoders.py. */
export function goldenWeights(tensors: GoldenTensors): WeightSource {
  const places = new Map(Object.keys(tensors).map((name, place) => [name, place]));
  return {
    names: () => [...places.keys()],
    shape: (name) => tensors[name]![0],
    read: (name) => {
      const [shape, middle] = tensors[name]!;
      const count = shape.reduce((a, b) => a * b, 1);
      return formula(count, places.get(name)!, middle);
    },
    close: () => {},
  };
}

export function formula(count: number, seed: number, middle = 0): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => middle + 0.25 * (mixed(i, seed) / 32_768 - 1));
}

/** A pseudo-random whole number from 0 to 65535. */
export function mixed(i: number, seed: number): number {
  let x = (Math.imul(i, 2654435761) + seed * 40_503) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 2246822519) >>> 0;
  return x >>> 16;
}
