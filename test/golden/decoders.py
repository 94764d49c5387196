"""Records decoders.json: tiny models of each architecture in transformers and PEFT on torch CPU in float32.

usage: $LORAG_PEERS/bin/python test/golden/decoders.py

Weights are a formula of the tensor's place in the list and the element's number, so that they need not be stored. For
each model its config.json, its tensors' shapes, the logits of one sequence and, under a LoRA adapter (again a formula), the
loss on the sequence's end and for each adapter tensor the gradient's length and its sums under pseudo-random signs.
"""

import json
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    MistralConfig,
    Phi3Config,
    Qwen2Config,
    Qwen3Config,
    SmolLM3Config,
)

LENGTH, START, PROJECTIONS = 24, 8, 3
sizes = dict(
    vocab_size=48, hidden_size=64, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=2,
)
llama3 = dict(rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=24)
long_factors = dict(rope_type="longrope", short_factor=[1 + 0.1 * i for i in range(8)], long_factor=[4.0] * 8)
models = {
    "llama": LlamaConfig(**sizes),
    "llama, Llama 3's rotary scaling": LlamaConfig(**sizes, rope_parameters=llama3, tie_word_embeddings=True),
    "llama, linear rotary scaling and biases": LlamaConfig(
        **sizes, head_dim=32, attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="linear", rope_theta=1e4, factor=4.0)),
    "mistral": MistralConfig(**sizes, sliding_window=None, head_dim=32),
    "mistral, sliding window": MistralConfig(**sizes, sliding_window=6),
    "qwen2": Qwen2Config(**sizes, tie_word_embeddings=True),
    "qwen2, a window in some layers": Qwen2Config(
        **sizes, use_sliding_window=True, sliding_window=5, max_window_layers=1),
    "qwen3": Qwen3Config(**sizes, head_dim=32, tie_word_embeddings=True),
    "gemma3_text": Gemma3TextConfig(
        **{**sizes, "num_hidden_layers": 3}, head_dim=32, query_pre_attn_scalar=20, sliding_window=6,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters=dict(
            full_attention=dict(rope_type="linear", rope_theta=1e6, factor=8.0),
            sliding_attention=dict(rope_type="default", rope_theta=1e4))),
    "phi3": Phi3Config(**sizes),
    "phi3, long rotary factors on half of a head, window": Phi3Config(
        **{**sizes, "num_attention_heads": 2, "max_position_embeddings": 128}, original_max_position_embeddings=32,
        sliding_window=7, rope_parameters=dict(**long_factors, rope_theta=1e4, partial_rotary_factor=0.5)),
    "smollm3": SmolLM3Config(**{**sizes, "num_hidden_layers": 4}),
}


def mixed(count, seed):
    """Pseudo-random whole numbers from 0 to 65535."""
    x = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(seed * 40503)) & np.uint64(0xFFFFFFFF)
    x = ((x ^ (x >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    return (x >> np.uint64(16)).astype(np.float64)


def formula(shape, seed, size, middle=0.0):
    """Within size of the middle."""
    count = int(np.prod(shape))
    values = (middle + size * (mixed(count, seed) / 32768 - 1)).astype(np.float32)
    return torch.from_numpy(values).reshape(tuple(shape))


def is_tied(model, name):
    return name == "lm_head.weight" and model.config.tie_word_embeddings


def set_weights(model):
    """Norms about as they are when new, matrices and biases around 0."""
    shapes = {}
    for seed, (name, parameter) in enumerate(model.named_parameters()):
        if is_tied(model, name):
            continue
        middle = float(parameter.data.flatten()[0]) if "norm" in name else 0.0
        parameter.data = formula(parameter.shape, seed, 0.25, middle)
        shapes[name] = [list(parameter.shape), middle]
    return shapes


def rounded(values):
    return [float(f"{value:.6g}") for value in values]


def sequence(config):
    return torch.from_numpy(mixed(LENGTH, 99) % config.vocab_size).long()[None]


def record(config):
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    shapes = set_weights(model)
    ids = sequence(config)
    with torch.no_grad():
        logits = model(ids).logits[0]
    settings = LoraConfig(r=3, lora_alpha=6, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
    tuned = get_peft_model(model, settings).train()
    adapter = {}
    for name, parameter in tuned.named_parameters():
        if not parameter.requires_grad:
            continue
        parameter.data = formula(parameter.shape, 1000 + len(adapter), 0.25)
        adapter[name.replace(".default.", ".")] = parameter
    labels = ids.clone()
    labels[0, :START] = -100
    loss = tuned(input_ids=ids, labels=labels).loss
    loss.backward()
    gradient = {}
    for name, parameter in adapter.items():
        g = parameter.grad.double().flatten().numpy()
        signs = [np.where(mixed(len(g), k) >= 32768, 1.0, -1.0) for k in range(PROJECTIONS)]
        gradient[name] = {"length": float(np.linalg.norm(g)), "signed": rounded(float((g * s).sum()) for s in signs)}
    return {
        "config": json.loads(config.to_json_string()),
        "tensors": shapes,
        "ids": ids[0].tolist(),
        "logits": rounded(logits[::3].flatten().tolist()),
        "completionStart": START,
        "loss": loss.item(),
        "gradient": gradient,
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    recorded = {name: record(config) for name, config in models.items()}
    Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
    print({name: round(one["loss"], 4) for name, one in recorded.items()})
