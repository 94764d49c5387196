import type { ConfigJson } from "./config-json.ts";
import type { GgufMetadata } from "./gguf-metadata.ts";

/** How llama.cpp's converter lays an architecture out in a GGUF file, where that is not the usual way. */
export interface GgufLayout {
  /** `general.architecture`. */
  architecture: string;
  /** Rows of q and k stand with rotary pairs side by side. */
  interleaved?: boolean;
  /** Names of a layer's tensors to the checkpoint's. */
  names?: Readonly<Record<string, string>>;
  /** What the converter added to norms. */
  normShift?: number;
  /** More of config.json. */
  config?: (metadata: GgufMetadata, config: ConfigJson) => ConfigJson;
}

const headNorms = { attn_q_norm: "self_attn.q_norm", attn_k_norm: "self_attn.k_norm" };

/** Llama, and Mistral under the same name. */
export const llamaGguf: GgufLayout = { architecture: "llama", interleaved: true };
export const qwen2Gguf: GgufLayout = { architecture: "qwen2" };
export const qwen3Gguf: GgufLayout = { architecture: "qwen3", names: headNorms };
export const smolLm3Gguf: GgufLayout = { architecture: "smollm3", interleaved: true };

export const phi3Gguf: GgufLayout = {
  architecture: "phi3",
  names: { attn_qkv: "self_attn.qkv_proj", ffn_up: "mlp.gate_up_proj" },
  config: ({ count }) => ({ sliding_window: count("attention.sliding_window", 0) || null }),
};

/** The deepest model scales its scores by another size than the others (llama.cpp, llama-model.cpp). */
const layersOf27b = 62;

export const gemma3Gguf: GgufLayout = {
  architecture: "gemma3",
  names: {
    ...headNorms,
    post_attention_norm: "post_attention_layernorm",
    ffn_norm: "pre_feedforward_layernorm",
    post_ffw_norm: "post_feedforward_layernorm",
  },
  normShift: 1,
  config: ({ count, real, value }, config) => {
    const [layers, heads] = [Number(config["num_hidden_layers"]), Number(config["num_attention_heads"])];
    const size = layers === layersOf27b ? Number(config["hidden_size"]) / heads : config["head_dim"];
    const sliding = value("attention.sliding_window_pattern");
    return {
      rope_theta: real("rope.freq_base", 1_000_000),
      rope_local_base_freq: real("rope.freq_base_swa", 10_000),
      sliding_window: count("attention.sliding_window", 0) || null,
      query_pre_attn_scalar: size,
      ...(Array.isArray(sliding)
        ? { layer_types: sliding.map((slides) => (slides ? "sliding_attention" : "full_attention")) }
        : { sliding_window_pattern: sliding ?? 6 }),
    };
  },
};
