import { join } from "node:path";
import {
  adapterGroups,
  buildCacheRounding,
  buildDecodeGraph,
  compileOutput,
  compileDecoder,
  parseDecoderConfig,
  writeGraph,
  type CacheScales,
  type DecoderConfig,
  type OpenModel,
  type Arithmetic,
} from "../../models/index.ts";
import { cacheFolder } from "../../platform/index.ts";
import { choosePlainAttention } from "./attention-kernel.ts";
import { findCacheScales } from "./cache-scales.ts";
import { calibrationText } from "./calibration-text.ts";
import { createDecoder, type Caches, type Decoder } from "./decoder.ts";
import { createKeyValueCache } from "./key-value-cache.ts";

export interface DecoderSettings {
  arithmetic: Arithmetic;
  threads: number;
}

/** Compiles the model where it was not yet, and closes its weights. The decoder blocks the thread that runs it. */
export async function openDecoder(
  model: OpenModel,
  { arithmetic, threads }: DecoderSettings,
): Promise<{ decoder: Decoder; caches: Caches; config: DecoderConfig }> {
  choosePlainAttention();
  const config = parseDecoderConfig(model.config);
  const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
  const compiled = await compileDecoder(folder, config, model.weights, arithmetic);
  const weights = await compileOutput(folder, config, model.weights, compiled, arithmetic);
  model.weights.close();

  const decoderOver = (caches: Caches, cacheScales: CacheScales | undefined): Decoder =>
    createDecoder({
      caches,
      threads,
      vocabularySize: config.vocabularySize,
      groups: adapterGroups(config),
      writeGraph: (over, adapters, oneAdapter) => {
        const scales = over === "decoding" ? cacheScales : undefined;
        const graph = { config, weights, arithmetic, adapters, oneAdapter, cacheScales: scales };
        return writeGraph(folder, "decode", buildDecodeGraph(graph));
      },
      writeRounding: () => writeGraph(folder, "rounding", buildCacheRounding(config, cacheScales!)),
    });
  const cachesWith = (scales: CacheScales | undefined): Caches => ({
    reading: createKeyValueCache(config, "float32"),
    decoding: createKeyValueCache(config, scales ? "int8" : "float32"),
  });

  const readCalibration = async () => {
    const tokens = model.tokenizer.encode(calibrationText).slice(0, config.maxPositions);
    const caches = cachesWith(undefined);
    caches.reading.resize(1, tokens.length, []);
    const decoder = decoderOver(caches, undefined);
    await decoder.prefill({ tokens, past: 0, adapter: undefined }, false);
    await decoder.close();
    return { cache: caches.reading, length: tokens.length };
  };
  const scales = arithmetic === "int8" ? await findCacheScales(folder, config, readCalibration) : undefined;
  const caches = cachesWith(scales);
  return { decoder: decoderOver(caches, scales), caches, config };
}
