import { join } from "node:path";
import {
  adapterGroups,
  buildDecodeGraph,
  compileDecoder,
  compileLlama,
  groupShape,
  parseLlamaConfig,
  type LlamaConfig,
  type OpenModel,
  type Precision,
} from "../models/index.ts";
import { cacheFolder, sha256, writeFileAtomic } from "../platform/index.ts";
import { choosePlainAttention } from "./attention-kernel.ts";
import { createDecoder, type Decoder } from "./decoder.ts";
import { createKeyValueCache, type KeyValueCache } from "./key-value-cache.ts";

export interface DecoderSettings {
  precision: Precision;
  threads: number;
}

/** Compiles the model where it was not yet, and closes its weights. The decoder blocks the thread that runs it. */
export async function openDecoder(
  model: OpenModel,
  { precision, threads }: DecoderSettings,
): Promise<{ decoder: Decoder; cache: KeyValueCache; config: LlamaConfig }> {
  choosePlainAttention();
  const config = parseLlamaConfig(model.config);
  const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
  const compiled = await compileLlama(folder, config, model.weights, precision);
  const weights = await compileDecoder(folder, config, model.weights, compiled, precision);
  model.weights.close();

  const cache = createKeyValueCache(config);
  const decoder = createDecoder({
    cache,
    threads,
    vocabularySize: config.vocabularySize,
    groups: adapterGroups(config).map(({ name, group }) => {
      const [outputs, inputs] = groupShape(config, group);
      return { name, inputs, outputs };
    }),
    // A graph refers to weight files by name, so it lies beside them.
    writeGraph: async (adapters) => {
      const onnx = buildDecodeGraph({ config, weights, precision, adapters });
      const path = join(folder, `decode-${sha256(onnx).slice(0, 16)}.onnx`);
      await writeFileAtomic(path, onnx);
      return path;
    },
  });
  return { decoder, cache, config };
}
