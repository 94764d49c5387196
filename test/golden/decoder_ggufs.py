"""Writes the models of decoders.py as GGUF files in float32, laid out as llama.cpp's converter does it.

usage: $LORAG_PEERS/bin/python test/golden/decoder_ggufs.py FOLDER

Tensor names come from the gguf package's own map. Prints each file and the logits of its model as JSON.
"""

import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from transformers import AutoModelForCausalLM

from decoders import models, rounded, sequence, set_weights

architectures = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gemma3_text": "gemma3",
                 "phi3": "phi3", "smollm3": "smollm3"}
# What a GGUF of llama.cpp's has no key for.
left_out = {"mistral, sliding window", "qwen2, a window in some layers"}


def interleave(rows, heads):
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def llama3_factors(rope, size):
    factors = []
    for pair in range(size // 2):
        wavelength = 2 * np.pi * rope["rope_theta"] ** (2 * pair / size)
        slow = rope["original_max_position_embeddings"] / rope["low_freq_factor"]
        fast = rope["original_max_position_embeddings"] / rope["high_freq_factor"]
        if wavelength < fast:
            factors.append(1.0)
        elif wavelength > slow:
            factors.append(rope["factor"])
        else:
            smooth = (rope["original_max_position_embeddings"] / wavelength - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"])
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def write(path, config):
    kind = config.model_type
    if kind == "gemma3_text":
        config.query_pre_attn_scalar = config.head_dim  # as llama.cpp has it, which keeps no other
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    set_weights(model)
    name = architectures[kind]
    out = gguf.GGUFWriter(path, name)
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    rope = config.rope_parameters
    everywhere = rope.get("full_attention", rope)
    out.add_block_count(config.num_hidden_layers)
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    out.add_head_count_kv(config.num_key_value_heads)
    out.add_layer_norm_rms_eps(config.rms_norm_eps)
    out.add_rope_freq_base(everywhere["rope_theta"])
    out.add_key_length(size)
    out.add_value_length(size)
    if everywhere["rope_type"] == "linear":
        out.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        out.add_rope_scaling_factor(everywhere["factor"])
    if kind == "gemma3_text":
        out.add_sliding_window(config.sliding_window)
        out.add_array("gemma3.attention.sliding_window_pattern", [t == "sliding_attention" for t in config.layer_types])
    if kind == "phi3":
        out.add_sliding_window(config.sliding_window or 0)
        out.add_rope_dimension_count(int(size * everywhere["partial_rotary_factor"]))
        out.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
    if everywhere["rope_type"] == "llama3":
        out.add_tensor("rope_freqs.weight", llama3_factors(everywhere, size))
    if everywhere["rope_type"] == "longrope":
        scale = config.max_position_embeddings / config.original_max_position_embeddings
        out.add_rope_scaling_attn_factors(
            float(np.sqrt(1 + np.log(scale) / np.log(config.original_max_position_embeddings))))
        for length in ("long", "short"):
            out.add_tensor(f"rope_factors_{length}.weight", np.array(everywhere[f"{length}_factor"], dtype=np.float32))
    tokens = [chr(0x21 + i) for i in range(config.vocab_size)]
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(tokens)
    out.add_token_types([gguf.TokenType.NORMAL] * len(tokens))
    out.add_token_merges(["! \""])
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    names = gguf.get_tensor_name_map({v: k for k, v in gguf.MODEL_ARCH_NAMES.items()}[name], config.num_hidden_layers)
    for key, parameter in model.named_parameters():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = parameter.data.numpy().astype(np.float32)
        if kind == "gemma3_text" and key.endswith("norm.weight"):
            values = values + np.float32(1)
        # Those of llama.cpp's LlamaModel, and of what derives from it.
        if kind in ("llama", "mistral", "smollm3") and ".q_proj." in key:
            values = interleave(values, config.num_attention_heads)
        if kind in ("llama", "mistral", "smollm3") and ".k_proj." in key:
            values = interleave(values, config.num_key_value_heads)
        out.add_tensor(names.get_name(key, try_suffixes=(".weight", ".bias")), np.ascontiguousarray(values))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    with torch.no_grad():
        return rounded(model(sequence(config)).logits[0].flatten().tolist())


torch.set_num_threads(1)
folder = Path(sys.argv[1])
files = {}
for number, (name, config) in enumerate(models.items()):
    if name in left_out:
        continue
    files[name] = {"file": f"{number}.gguf", "logits": write(folder / f"{number}.gguf", config)}
print(json.dumps(files))
