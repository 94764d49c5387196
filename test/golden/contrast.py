"""Records contrast.json: losses of AdamW steps of sentence-transformers' MultipleNegativesRankingLoss on tiny encoders under PEFT.

usage: $LORAG_PEERS/bin/python test/golden/contrast.py

Weights and texts are formulas, as in decoders.py. With a hard negative for each question, and without.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from transformers import AutoModel, BertConfig, MPNetConfig

from decoders import formula

STEPS, RATE, RANK, ALPHA = 6, 0.01, 3, 6
LENGTHS = [(4, 9, 7), (6, 12, 5), (3, 14, 10), (5, 6, 8)]
small = dict(vocab_size=48, hidden_size=64, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
             max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
triplets = [
    [[2 + (3 + 7 * i + 5 * place + 11 * part) % 46 for i in range(length)] for part, length in enumerate(lengths)]
    for place, lengths in enumerate(LENGTHS)
]


class MeanPooled(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, features):
        mask = features["attention_mask"].unsqueeze(-1).float()
        hidden = self.encoder(**features).last_hidden_state
        return {"sentence_embedding": (hidden * mask).sum(1) / mask.sum(1)}


def features(texts):
    longest = max(map(len, texts))
    return {
        "input_ids": torch.tensor([text + [0] * (longest - len(text)) for text in texts]),
        "attention_mask": torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts]),
    }


def record(kind, parts):
    config = BertConfig(**small) if kind == "bert" else MPNetConfig(**small)
    base = AutoModel.from_config(config, attn_implementation="eager").float()
    tensors = {}
    for place, (name, parameter) in enumerate(base.named_parameters()):
        middle = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
        parameter.data = formula(parameter.shape, place, 0.25) + middle
        tensors[name] = [list(parameter.shape), middle]
        parameter.requires_grad = False
    adapted = get_peft_model(base, LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0,
                                              target_modules=["query", "key", "value", "q", "k", "v", "o", "dense"]))
    adapter = {name: p for name, p in adapted.named_parameters() if p.requires_grad and "pooler" not in name}
    for place, parameter in enumerate(adapter.values()):
        parameter.data = formula(parameter.shape, 1000 + place, 0.25)
    model = MeanPooled(adapted)
    loss_of = MultipleNegativesRankingLoss(model)
    optimizer = torch.optim.AdamW(adapter.values(), lr=RATE, weight_decay=0.0)
    columns = [features([triplet[part] for triplet in triplets]) for part in range(parts)]
    losses = []
    for _ in range(STEPS):
        loss = loss_of(columns, None)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return {"kind": kind, "parts": parts, "config": config.to_dict(), "tensors": tensors,
            "adapter": [name.replace(".default.", ".") for name in adapter], "losses": losses}


torch.set_num_threads(1)
rows = [record("bert", 3), record("bert", 2), record("mpnet", 3)]
recorded = {"rate": RATE, "rank": RANK, "alpha": ALPHA, "triplets": triplets, "rows": rows}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print([(row["kind"], row["parts"], row["losses"]) for row in rows])
