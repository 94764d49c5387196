"""Writes tiny.gguf and tiny.safetensors with the reference writers, and weights.json: the SHA-256 of every tensor's
f32 values as the reference readers decode them.  usage: python test/golden/weights.py"""

import hashlib, json, pathlib
import numpy as np, torch
from gguf import GGMLQuantizationType as T, GGUFReader, GGUFWriter, GGML_QUANT_SIZES, dequantize, quantize
from safetensors.torch import load_file, save_file

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array, dtype="<f4").tobytes()).hexdigest()


def random_blocks(kind, rows, width):
    """Random bytes with sane half scales, for the kinds that gguf-py decodes but does not encode."""
    per_block, size = GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (rows * width // per_block, size), dtype=np.uint8)
    halves = rng.uniform(0.001, 0.02, (len(blocks), 2)).astype("<f2").view(np.uint8)
    if kind == T.Q4_K:
        blocks[:, 0:4] = halves
    else:
        blocks[:, 208:210] = halves[:, :2]
    return blocks.reshape(rows, -1)


writer = GGUFWriter(here / "tiny.gguf", "llama")
writer.add_block_count(1)
writer.add_context_length(64)
writer.add_embedding_length(256)
writer.add_feed_forward_length(64)
writer.add_head_count(4)
writer.add_head_count_kv(2)
writer.add_rope_freq_base(10000.0)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_vocab_size(8)
writer.add_token_list(["<s>", "</s>", "a", "b", "ab", "\u0120", "\u0120a", "\u00e9"])
writer.add_array("test.ints", [1, -2, 3])
writer.add_bool("test.flag", True)
writer.add_uint64("test.big", 2**60 + 1)
kinds = {"token_embd": T.F16, "blk.0.attn_q": T.Q8_0, "blk.0.attn_k": T.Q4_0, "blk.0.attn_v": T.Q4_1,
         "blk.0.attn_output": T.Q4_K, "blk.0.ffn_gate": T.Q6_K, "output_norm": T.F32}
rows = {"token_embd": 8, "blk.0.attn_q": 16, "blk.0.attn_k": 8, "blk.0.attn_v": 4,
        "blk.0.attn_output": 4, "blk.0.ffn_gate": 4, "output_norm": 1}
for name, kind in kinds.items():
    if kind in (T.Q4_K, T.Q6_K):
        data = random_blocks(kind, rows[name], 256)
    else:
        data = quantize(rng.standard_normal((rows[name], 256)).astype(np.float32), kind)
    writer.add_tensor(f"{name}.weight", data, raw_dtype=kind)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
gguf = {t.name: digest(dequantize(t.data, t.tensor_type)) for t in GGUFReader(here / "tiny.gguf").tensors}

values = torch.from_numpy(rng.standard_normal((3, 5)).astype(np.float32))
save_file({"f32": values, "f16": values.half(), "bf16": values.bfloat16(), "scalar": torch.tensor(2.5),
           "empty": torch.zeros(0, 4), "ids": torch.arange(4)}, here / "tiny.safetensors", {"format": "pt", "note": "é"})
tensors = load_file(here / "tiny.safetensors")
safetensors = {n: digest(t.float().numpy()) for n, t in tensors.items() if t.is_floating_point()}

(here / "weights.json").write_text(json.dumps({"gguf": gguf, "safetensors": safetensors}, indent=1) + "\n")
