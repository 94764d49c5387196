import type { LinearModule } from "../tuning/lora-layout.ts";
import type { EncoderConfig } from "./config.ts";

/** The linear layers of a block by the names that the graph uses, in the order in which they are kept. */
export const linearNames = [
  "query",
  "key",
  "value",
  "attentionOut",
  "feedForwardIn",
  "feedForwardOut",
] as const;

/** Those of the model in its order, by the checkpoint's names without its prefix. */
export function encoderModules({
  layers,
  names,
  hiddenSize,
  intermediateSize,
}: EncoderConfig): LinearModule[] {
  return Array.from({ length: layers }, (_, layer) =>
    linearNames.map((short) => ({
      path: `${names.layer}.${layer}.${names[short]}`,
      inputs: short === "feedForwardOut" ? intermediateSize : hiddenSize,
      outputs: short === "feedForwardIn" ? intermediateSize : hiddenSize,
    })),
  ).flat();
}
