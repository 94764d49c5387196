import { readText } from "../../platform/index.ts";
import { formula, type GoldenTensors } from "../golden-weights.case.ts";

/** Recorded by test/golden/decoders.py. */
export interface GoldenDecoder {
  config: Record<string, unknown>;
  tensors: GoldenTensors;
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

/** The adapter that gradients were recorded at: a formula of each tensor's place. */
export function goldenAdapter(golden: GoldenDecoder): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    Object.keys(golden.gradient).map((name, place) => [name, formula(65_536, 1000 + place)] as const),
  );
}
