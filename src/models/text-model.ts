import type { EmbeddedAs, Message } from "../contracts/index.ts";
import { encoderArchitectures, parseDecoderConfig, parseEncoderConfig } from "./architectures.ts";
import type { Backbone } from "./backbone.ts";
import { decoderBackbone, decoderParts } from "./decoder/backbone.ts";
import { compileDecoder } from "./decoder/weights.ts";
import { encoderBackbone, encoderParts } from "./encoder/backbone.ts";
import { readSentenceSettings } from "./encoder/sentence-settings.ts";
import { compileEncoder } from "./encoder/weights.ts";
import type { OpenModel } from "./hub/open-model.ts";
import type { ResolvedModel } from "./hub/resolve-model.ts";
import type { Arithmetic } from "./quantization.ts";
import type { TextPooling } from "./text-batch.ts";
import type { Tunable } from "./tuning/tuning.ts";

/** A model that makes vectors of texts, be it an encoder or a decoder. */
export interface TextModel {
  kind: "encoder" | "decoder";
  pooling: TextPooling;
  hiddenSize: number;
  /** Tokens of the longest text. */
  maxTokens: number;
  parts: Pick<Tunable, "modules" | "weights">;
  /** A conversation as the model reads it, cut to `most` tokens: an encoder's at its end, a decoder's at its beginning. A query if not said. */
  encode: (messages: readonly Message[], most: number, as?: EmbeddedAs) => Int32Array;
  /** Compiles the weights into `folder`. Encoders are computed in float32, whatever the arithmetic. */
  compile: (folder: string, arithmetic: Arithmetic) => Promise<Backbone>;
}

/** Throws LORAG_MODEL_CONFIG. */
export async function openTextModel(model: OpenModel, resolved: ResolvedModel): Promise<TextModel> {
  const isEncoder = encoderArchitectures.some(({ modelType }) => modelType === model.config["model_type"]);
  return isEncoder ? openEncoder(model, resolved) : openDecoder(model);
}

/**
 * An encoder reads what was said, without the system message. Its vector is that which its sentences have, before it is
 * brought to unit length.
 */
async function openEncoder(
  { config: json, tokenizer, weights }: OpenModel,
  resolved: ResolvedModel,
): Promise<TextModel> {
  const config = parseEncoderConfig(json);
  const { maxTokens, pooling, prompts } = await readSentenceSettings(resolved, config.maxPositions);
  return {
    kind: "encoder",
    pooling,
    hiddenSize: config.hiddenSize,
    maxTokens,
    parts: encoderParts(config),
    encode: (messages, most, as = "query") => {
      const said = messages.filter(({ role }) => role !== "system").map(({ content }) => content);
      const ids = Array.from(tokenizer.encode(prompts[as] + said.join("\n"), { special: true }));
      // The mark at the end stays.
      if (ids.length > most) ids.splice(most - 1, ids.length - most);
      return Int32Array.from(ids);
    },
    compile: async (folder) => encoderBackbone(config, await compileEncoder(folder, config, weights, "f32")),
  };
}

/** A decoder reads the chat as it does before it answers; its vector is the last token's. */
function openDecoder({ config: json, tokenizer, chatTemplate, weights }: OpenModel): TextModel {
  const config = parseDecoderConfig(json);
  const write = (messages: readonly Message[]): string =>
    chatTemplate?.render([...messages], { prompt: true }) ??
    messages.map(({ content }) => content).join("\n");
  return {
    kind: "decoder",
    pooling: "last",
    hiddenSize: config.hiddenSize,
    maxTokens: config.maxPositions,
    parts: decoderParts(config),
    encode: (messages, most) => Int32Array.from(tokenizer.encode(write(messages)).slice(-most)),
    compile: async (folder, arithmetic) =>
      decoderBackbone(config, await compileDecoder(folder, config, weights, arithmetic), arithmetic),
  };
}
