import type { Graph, Tensor } from "../../engine/index.ts";
import type { DecoderConfig } from "./config.ts";

/** Cosines and sines [positions, headSize / 2] of the rotary embedding (https://arxiv.org/abs/2104.09864). */
export function rotaryTables(
  graph: Graph,
  { headSize, ropeTheta }: DecoderConfig,
  positions: number,
): { cosines: Tensor; sines: Tensor } {
  const half = headSize / 2;
  const angles = Float64Array.from({ length: positions * half }, (_, i) => {
    const position = Math.floor(i / half);
    return position * ropeTheta ** (-(i % half) / half);
  });
  const table = (f: (angle: number) => number) => graph.constant("float32", angles.map(f), [positions, half]);
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
