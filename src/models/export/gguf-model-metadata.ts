import { ggufTokenizerMetadata, ggufValue, type GgufMetadataBytes } from "../../formats/index.ts";
import { parseDecoderConfig } from "../architectures.ts";
import type { DecoderConfig } from "../decoder/config.ts";
import type { GgufLayout } from "../decoder/gguf-layout.ts";
import type { OpenModel } from "../hub/open-model.ts";
import { notExportable } from "./not-exportable.ts";
import { rotaryMetadata } from "./gguf-rotary.ts";

/**
 * What llama.cpp must know of a model besides its tensors: that of the file it came in, or made from a checkpoint
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Throws LORAG_EXPORT.
 */
export function ggufModelMetadata(model: OpenModel, layout: GgufLayout): GgufMetadataBytes {
  if (model.sources.gguf) {
    const kept = [...model.sources.gguf.encodedMetadata()];
    return new Map(kept.filter(([key]) => !/^(split|quantize|imatrix)\./.test(key)));
  }
  const config = parseDecoderConfig(model.config);
  refuseOthers(model, config);
  const { uint32, float32, string } = ggufValue;
  const own: [string, Uint8Array][] = [
    ["block_count", uint32(config.layers)],
    ["context_length", uint32(Number(model.config["max_position_embeddings"]))],
    ["embedding_length", uint32(config.hiddenSize)],
    ["feed_forward_length", uint32(config.intermediateSize)],
    ["attention.head_count", uint32(config.heads)],
    ["attention.head_count_kv", uint32(config.keyValueHeads)],
    ["attention.key_length", uint32(config.headSize)],
    ["attention.value_length", uint32(config.headSize)],
    ["attention.layer_norm_rms_epsilon", float32(config.epsilon)],
    ["vocab_size", uint32(config.vocabularySize)],
    ...windows(config),
    ...rotaryMetadata(model),
  ];
  const { tokenizer, chatTemplate } = model.sources;
  return new Map([
    ["general.architecture", string(layout.architecture)],
    ["general.type", string("model")],
    ["general.name", string(model.name)],
    ...own.map(([key, value]): [string, Uint8Array] => [`${layout.architecture}.${key}`, value]),
    ...ggufTokenizerMetadata(tokenizer, {
      size: config.vocabularySize,
      endIds: model.endIds,
      sameTokens: model.tokenizer,
    }),
    ...(chatTemplate === undefined ? [] : [["tokenizer.chat_template", string(chatTemplate)] as const]),
  ]);
}

function windows({ modelType, attention }: DecoderConfig): [string, Uint8Array][] {
  const window = attention.find((layer) => layer.window !== undefined)?.window;
  if (window === undefined) return [];
  const size: [string, Uint8Array] = ["attention.sliding_window", ggufValue.uint32(window)];
  if (modelType !== "gemma3_text") return [size];
  const slides = attention.map((layer) => layer.window !== undefined);
  return [size, ["attention.sliding_window_pattern", ggufValue.booleans(slides)]];
}

/** What llama.cpp computes otherwise, and has no key for. */
function refuseOthers({ config: json }: OpenModel, config: DecoderConfig): void {
  const { modelType, attention, maxPositions } = config;
  const slides = attention.some(({ window }) => window !== undefined && window < maxPositions);
  if (slides && modelType !== "gemma3_text" && modelType !== "phi3")
    throw notExportable(`the sliding window of a ${modelType}`);
  if (
    modelType === "gemma3_text" &&
    Number(json["query_pre_attn_scalar"] ?? 256) !== config.headSize &&
    config.layers !== 62
  )
    throw notExportable(`query_pre_attn_scalar ${String(json["query_pre_attn_scalar"])}`);
  if (
    modelType === "smollm3" &&
    attention.some(({ rotary }, layer) => (rotary === undefined) !== ((layer + 1) % 4 === 0))
  )
    throw notExportable("other layers without positions than every fourth");
}
