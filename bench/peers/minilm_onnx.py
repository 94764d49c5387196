"""Exports a BERT encoder for transformers.js, as its own model repositories are made: torch.onnx on the bare model,
f32, batch and length free.  usage: python minilm_onnx.py MODEL_FOLDER OUT_FOLDER"""

import pathlib
import shutil
import sys

import torch
from transformers import AutoModel

source, out = map(pathlib.Path, sys.argv[1:3])
(out / "onnx").mkdir(parents=True, exist_ok=True)
for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
    shutil.copy(source / name, out / name)


class Encoder(torch.nn.Module):
    """The exporter passes inputs by position; transformers wants them by name."""

    def __init__(self):
        super().__init__()
        self.model = AutoModel.from_pretrained(source, attn_implementation="eager").eval()

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


names = ["input_ids", "attention_mask", "token_type_ids"]
sample = tuple(torch.ones(2, 16, dtype=torch.long) for _ in names)
free = {0: "batch", 1: "length"}
torch.onnx.export(
    Encoder(), sample, str(out / "onnx" / "model.onnx"), dynamo=False, opset_version=17, input_names=names,
    output_names=["last_hidden_state"], dynamic_axes={name: free for name in [*names, "last_hidden_state"]},
)
