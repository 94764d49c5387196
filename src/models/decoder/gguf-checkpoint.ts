import { LoragError } from "../../contracts/index.ts";
import { missingTensor, type GgufFile, type WeightSource } from "../../formats/index.ts";

const layerNames: Readonly<Record<string, string>> = {
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
  attn_norm: "input_layernorm",
  ffn_norm: "post_attention_layernorm",
};
const outerNames: Readonly<Record<string, string>> = {
  "token_embd.weight": "model.embed_tokens",
  "output_norm.weight": "model.norm",
  "output.weight": "lm_head",
};
/** Factors on the rotary frequencies, as of Llama 3.1; all 1 in other files that have them. */
const rotaryFactors = "rope_freqs.weight";

/** A `config.json` as transformers writes it, made from GGUF metadata. */
export type GgufConfig = Record<string, string | number | boolean>;

/**
 * A llama-architecture GGUF under the names of its Hugging Face checkpoint. llama.cpp's converter interleaves the
 * rows of q and k (rotary pairs side by side); they are put back to halves here, so that one rotary formula serves
 * both kinds of file. Tensors that the checkpoint does not have (`rope_freqs`) are left out.
 * Throws LORAG_GGUF_METADATA for values that no llama has, LORAG_GGUF_UNSUPPORTED for kinds of llama that are not computed.
 */
export function openGgufCheckpoint(gguf: GgufFile): { config: GgufConfig; weights: WeightSource } {
  const config = readConfig(gguf);
  refuseOtherLlamas(gguf, Number(config["head_dim"]));
  const heads = Number(config["num_attention_heads"]);
  const keyHeads = Number(config["num_key_value_heads"]);
  const stored = new Map<string, string>();
  for (const name of gguf.names()) {
    if (name === rotaryFactors) continue;
    const checkpointName = toCheckpointName(name, Number(config["num_hidden_layers"]));
    // Such as the biases of attention: without them the answers are wrong.
    if (!checkpointName) throw unsupported(`a tensor ${JSON.stringify(name)}`);
    stored.set(checkpointName, name);
  }
  const storedName = (name: string): string => {
    const found = stored.get(name);
    if (!found) throw missingTensor("The GGUF file", name);
    return found;
  };
  return {
    config: { ...config, tie_word_embeddings: !stored.has("lm_head.weight") },
    weights: {
      names: () => [...stored.keys()],
      shape: (name) => gguf.shape(storedName(name)),
      read(name) {
        const values = gguf.read(storedName(name));
        if (name.endsWith("q_proj.weight"))
          return deinterleaveRows(values, heads, gguf.shape(storedName(name)));
        if (name.endsWith("k_proj.weight"))
          return deinterleaveRows(values, keyHeads, gguf.shape(storedName(name)));
        return values;
      },
      close: () => gguf.close(),
    },
  };
}

function toCheckpointName(name: string, layers: number): string | undefined {
  const layer = /^blk\.(0|[1-9]\d*)\.(\w+)\.weight$/.exec(name);
  if (layer && Number(layer[1]) < layers) {
    const inner = layerNames[layer[2]!];
    return inner && `model.layers.${layer[1]}.${inner}.weight`;
  }
  const outer = outerNames[name];
  return outer && `${outer}.weight`;
}

/** Row 2i + p of each head goes to row p * half + i: rotary partners move from neighbours to halves. */
function deinterleaveRows(
  values: Float32Array<ArrayBuffer>,
  heads: number,
  shape: readonly number[],
): Float32Array<ArrayBuffer> {
  const rows = shape[0] ?? 0;
  const width = shape[1] ?? 1;
  const perHead = rows / heads;
  const half = perHead / 2;
  if (!Number.isInteger(half)) {
    throw metadataError("attention.head_count", `${heads} heads over ${rows} rows`);
  }
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const inHead = row % perHead;
    const target = row - inHead + (inHead % 2) * half + (inHead >> 1);
    out.set(values.subarray(row * width, (row + 1) * width), target * width);
  }
  return out;
}

function readConfig({ metadata }: GgufFile): GgufConfig {
  const architecture = metadata.get("general.architecture");
  if (architecture !== "llama") throw metadataError("general.architecture", architecture);
  const count = (key: string, fallback?: number): number => {
    const value = metadata.get(key) ?? fallback;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value;
    throw metadataError(key, value);
  };
  const real = (key: string, fallback: number): number => {
    const value = metadata.get(key) ?? fallback;
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    throw metadataError(key, value);
  };
  const heads = count("llama.attention.head_count");
  const width = count("llama.embedding_length");
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const vocabulary = count("llama.vocab_size", Array.isArray(tokens) ? tokens.length : undefined);
  return {
    architectures: "LlamaForCausalLM",
    model_type: "llama",
    hidden_size: width,
    intermediate_size: count("llama.feed_forward_length"),
    num_hidden_layers: count("llama.block_count"),
    num_attention_heads: heads,
    num_key_value_heads: count("llama.attention.head_count_kv", heads),
    head_dim: count("llama.attention.key_length", Math.floor(width / Math.max(heads, 1))),
    vocab_size: vocabulary,
    max_position_embeddings: count("llama.context_length"),
    rms_norm_eps: Number(real("llama.attention.layer_norm_rms_epsilon", 1e-5).toPrecision(6)),
    rope_theta: real("llama.rope.freq_base", 10_000),
    hidden_act: "silu",
    attention_bias: false,
    mlp_bias: false,
    bos_token_id: count("tokenizer.ggml.bos_token_id", 1),
    eos_token_id: count("tokenizer.ggml.eos_token_id", 2),
    pad_token_id: count("tokenizer.ggml.padding_token_id", count("tokenizer.ggml.eos_token_id", 2)),
  };
}

/** Features under the same architecture name that the forward pass does not have: without them the answers are wrong. */
function refuseOtherLlamas(gguf: GgufFile, headSize: number): void {
  const plain: Record<string, unknown[]> = {
    "llama.rope.scaling.type": ["none"],
    "llama.rope.dimension_count": [headSize],
    "llama.rope.scale_linear": [1],
    "llama.attention.value_length": [headSize],
    "llama.attention.scale": [0, Math.fround(1 / Math.sqrt(headSize))],
    "llama.expert_count": [0],
    // llama.cpp scales linearly where a factor has no type; 0 stands for none.
    ...(gguf.metadata.get("llama.rope.scaling.type") !== "none" && { "llama.rope.scaling.factor": [0, 1] }),
  };
  for (const [key, values] of Object.entries(plain)) {
    const value = gguf.metadata.get(key);
    if (value !== undefined && !values.includes(value)) throw unsupported(`${key} = ${String(value)}`);
  }
  if (gguf.names().includes(rotaryFactors) && gguf.read(rotaryFactors).some((factor) => factor !== 1)) {
    throw unsupported(`scaled rotary positions (${rotaryFactors})`);
  }
}

function unsupported(what: string): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_UNSUPPORTED",
    kind: "data",
    message: `The GGUF file has ${what.slice(0, 120)}, which is not computed here`,
    next: "Choose a llama model without that feature, such as SmolLM2-135M-Instruct.",
  });
}

function metadataError(key: string, value: unknown): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_METADATA",
    kind: "data",
    message: `The GGUF file has ${key} = ${String(value).slice(0, 100)}, which no llama model has`,
    next: "Use a GGUF of a llama-architecture model, made by llama.cpp's own converter.",
  });
}
