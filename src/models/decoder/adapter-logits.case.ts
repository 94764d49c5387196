import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openSession } from "../../engine/index.ts";
import { writeFileAtomic } from "../../platform/index.ts";
import type { OpenModel } from "../hub/open-model.ts";
import { lora } from "../tuning/lora.ts";
import type { LoraConfig } from "../tuning/lora-layout.ts";
import type { ParameterLayout } from "../tuning/parameters.ts";
import { parseDecoderConfig } from "../architectures.ts";
import { buildLogitsGraph } from "./loss-graph.ts";
import { compileDecoder } from "./weights.ts";

/**
 * Float32 logits [ids, vocabulary] of a llama with an adapter, all ids read at once by the graph that training shares.
 * Closes the model's weights; what is compiled goes into `folder`.
 */
export async function adapterLogits(
  folder: string,
  model: OpenModel,
  ids: readonly number[],
  config: LoraConfig,
  parametersOf: (layout: ParameterLayout) => Float32Array,
): Promise<Float32Array> {
  const decoder = parseDecoderConfig(model.config);
  const weights = await compileDecoder(folder, decoder, model.weights, "f32");
  model.weights.close();
  const shape = { batch: 1, length: ids.length, scored: 1 };
  const { onnx, layout } = buildLogitsGraph({
    config: decoder,
    weights,
    arithmetic: "f32",
    shape,
    tuning: lora(config),
  });
  const path = join(folder, `logits-${randomUUID()}.onnx`);
  await writeFileAtomic(path, onnx);
  const session = await openSession(path, { threads: 1 });
  const integers = (values: readonly number[]) => ({
    dtype: "int64" as const,
    shape: [1, ids.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const data = parametersOf(layout);
  const { logits } = await session.run({
    ids: integers(ids),
    positions: integers([...ids.keys()]),
    ends: integers(ids.map(() => ids.length)),
    parameters: { dtype: "float32", shape: [data.length], data },
  });
  await session.close();
  return logits!.data as Float32Array;
}
