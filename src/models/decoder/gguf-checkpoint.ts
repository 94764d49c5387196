import { LoragError } from "../../contracts/index.ts";
import { missingTensor, type GgufFile, type WeightSource } from "../../formats/index.ts";
import { decoderArchitectures } from "../architectures.ts";
import type { GgufLayout } from "./gguf-layout.ts";
import { deinterleaveRows, toCheckpointName } from "./gguf-names.ts";
import { openGgufMetadata, type GgufMetadata } from "./gguf-metadata.ts";

/** Divisors of the rotary frequencies, as of Llama 3.1 and of LongRoPE. */
const rotaryFactors = "rope_freqs.weight";
const [shortFactors, longFactors] = ["rope_factors_short.weight", "rope_factors_long.weight"];

/** A `config.json` as transformers writes it, made from GGUF metadata. */
export type GgufConfig = Record<string, unknown>;

/**
 * A GGUF under the names of its Hugging Face checkpoint. For some architectures llama.cpp's converter interleaves the
 * rows of q and k (rotary pairs side by side); they are put back to halves here, so that one rotary formula serves
 * both kinds of file. Throws LORAG_GGUF_METADATA for values that no such model has, LORAG_GGUF_UNSUPPORTED for
 * architectures and features that are not computed.
 */
export function openGgufCheckpoint(gguf: GgufFile): { config: GgufConfig; weights: WeightSource } {
  const { modelType, layout } = findGgufLayout(gguf);
  const metadata = openGgufMetadata(gguf, layout.architecture);
  const config = readConfig(gguf, metadata, modelType, layout);
  const stored = new Map<string, string>();
  for (const name of gguf.names()) {
    if ([rotaryFactors, shortFactors, longFactors].includes(name)) continue;
    const checkpointName = toCheckpointName(name, Number(config["num_hidden_layers"]), layout);
    // A tensor that is left out makes the answers wrong.
    if (!checkpointName) throw unsupported(`a tensor ${JSON.stringify(name)}`);
    stored.set(checkpointName, name);
  }
  const storedName = (name: string): string => {
    const found = stored.get(name);
    if (!found) throw missingTensor("The GGUF file", name);
    return found;
  };
  const headsOf = (name: string): number | undefined => {
    if (!layout.interleaved) return undefined;
    if (name.includes("q_proj.")) return Number(config["num_attention_heads"]);
    return name.includes("k_proj.") ? Number(config["num_key_value_heads"]) : undefined;
  };
  return {
    config: {
      ...config,
      tie_word_embeddings: !stored.has("lm_head.weight"),
      // The converter writes no biases that are not there.
      attention_bias: stored.has("model.layers.0.self_attn.q_proj.bias"),
      mlp_bias: stored.has("model.layers.0.mlp.up_proj.bias"),
    },
    weights: {
      names: () => [...stored.keys()],
      shape: (name) => gguf.shape(storedName(name)),
      read(name) {
        const values = gguf.read(storedName(name));
        const heads = headsOf(name);
        if (heads !== undefined) {
          const shape = gguf.shape(storedName(name));
          if (!Number.isInteger(shape[0]! / heads / 2))
            throw unsupported(`${heads} heads over ${shape[0]} rows`);
          return deinterleaveRows(values, heads, shape);
        }
        return name.endsWith("norm.weight") && layout.normShift
          ? values.map((value) => value - layout.normShift!)
          : values;
      },
      close: () => gguf.close(),
    },
  };
}

export function findGgufLayout({ metadata }: GgufFile): { modelType: string; layout: GgufLayout } {
  const architecture = metadata.get("general.architecture");
  for (const { modelType, gguf } of decoderArchitectures)
    if (gguf && gguf.architecture === architecture) return { modelType, layout: gguf };
  const known = decoderArchitectures.flatMap(({ gguf }) => gguf?.architecture ?? []);
  throw unsupported(
    `the architecture ${JSON.stringify(architecture ?? null)}`,
    `Use a GGUF of one of these: ${known.join(", ")}.`,
  );
}

function readConfig(
  gguf: GgufFile,
  metadata: GgufMetadata,
  modelType: string,
  layout: GgufLayout,
): GgufConfig {
  const { count, real, token } = metadata;
  const heads = count("attention.head_count");
  const width = count("embedding_length");
  const headSize = count("attention.key_length", Math.floor(width / Math.max(heads, 1)));
  const tokens = gguf.metadata.get("tokenizer.ggml.tokens");
  const config = {
    model_type: modelType,
    hidden_size: width,
    intermediate_size: count("feed_forward_length"),
    num_hidden_layers: count("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: count("attention.head_count_kv", heads),
    head_dim: headSize,
    vocab_size: count("vocab_size", Array.isArray(tokens) ? tokens.length : undefined),
    max_position_embeddings: count("context_length"),
    rms_norm_eps: Number(real("attention.layer_norm_rms_epsilon", 1e-5).toPrecision(6)),
    rope_theta: real("rope.freq_base", 10_000),
    rope_scaling: readScaling(gguf, metadata, headSize),
    bos_token_id: token("bos", 1),
    eos_token_id: token("eos", 2),
    pad_token_id: token("padding", token("eos", 2)),
  };
  refuseOthers(metadata, headSize);
  return { ...config, ...layout.config?.(metadata, config) };
}

/** Rotary positions as `rope_scaling` of config.json states them. */
function readScaling(gguf: GgufFile, metadata: GgufMetadata, headSize: number): GgufConfig {
  const { count, real, value } = metadata;
  const context = count("context_length");
  const turned = count("rope.dimension_count", headSize);
  const partial = turned === headSize ? {} : { partial_rotary_factor: turned / headSize };
  const names = gguf.names();
  if (names.includes(shortFactors!)) {
    return {
      ...partial,
      rope_type: "longrope",
      short_factor: [...gguf.read(shortFactors!)],
      attention_factor: real("rope.scaling.attn_factor", 1),
      original_max_position_embeddings: count("rope.scaling.original_context_length", context),
    };
  }
  const factors = names.includes(rotaryFactors) ? [...gguf.read(rotaryFactors)] : [];
  if (factors.some((factor) => factor !== 1)) {
    const whole = { attention_factor: 1, original_max_position_embeddings: context };
    return { ...partial, rope_type: "longrope", short_factor: factors, ...whole };
  }
  const type = value("rope.scaling.type");
  if (type !== undefined && type !== "none" && type !== "linear")
    throw unsupported(`${metadata.key("rope.scaling.type")} = ${String(type)}`);
  // llama.cpp scales linearly where a factor has no type; 0 stands for none.
  const given = type === "none" ? 0 : Number(value("rope.scaling.factor") ?? value("rope.scale_linear") ?? 0);
  return given === 0 || given === 1 ? partial : { ...partial, rope_type: "linear", factor: given };
}

/** Features under the same architecture's name that the graphs do not have: without them the answers are wrong. */
function refuseOthers(metadata: GgufMetadata, headSize: number): void {
  const plain: Record<string, unknown[]> = {
    "attention.value_length": [headSize],
    "attention.scale": [0, Math.fround(1 / Math.sqrt(headSize))],
    expert_count: [0],
    attn_logit_softcapping: [0],
    final_logit_softcapping: [0],
  };
  for (const [name, values] of Object.entries(plain)) {
    const value = metadata.value(name);
    if (value !== undefined && !values.includes(value))
      throw unsupported(`${metadata.key(name)} = ${String(value)}`);
  }
}

function unsupported(what: string, next?: string): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_UNSUPPORTED",
    kind: "data",
    message: `The GGUF file has ${what.slice(0, 120)}, which is not computed here`,
    next: next ?? "Choose a model without that feature, such as SmolLM2-135M-Instruct.",
  });
}
