import type { WeightSource } from "../../formats/index.ts";
import { readText } from "../../platform/index.ts";

/** Recorded by test/golden/decoders.py. */
export interface GoldenDecoder {
  config: Record<string, unknown>;
  /** Shape, and the middle of the values. */
  tensors: Record<string, [number[], number]>;
  ids: number[];
  /** Of every third position, [positions, vocabulary]. */
  logits: number[];
  completionStart: number;
  loss: number;
  gradient: Record<string, { length: number; signed: number[] }>;
}

export const goldenDecoders = JSON.parse(
  await readText(new URL("../../../test/golden/decoders.json", import.meta.url).pathname),
) as Record<string, GoldenDecoder>;

/** Of every how many positions the logits are recorded. */
export const recordedStep = 3;

/** Its weights by the formula of the recording. */
export function goldenWeights({ tensors }: GoldenDecoder): WeightSource {
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

/** The adapter that gradients were recorded at: a formula of each tensor's place. */
export function goldenAdapter(golden: GoldenDecoder): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    Object.keys(golden.gradient).map((name, place) => [name, formula(65_536, 1000 + place, 0)] as const),
  );
}

function formula(count: number, seed: number, middle: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => middle + 0.25 * (mixed(i, seed) / 32_768 - 1));
}

/** A pseudo-random whole number from 0 to 65535. */
export function mixed(i: number, seed: number): number {
  let x = (Math.imul(i, 2654435761) + seed * 40_503) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 2246822519) >>> 0;
  return x >>> 16;
}
