"""Records heads.json: losses of AdamW steps of heads on tiny models, in transformers and PEFT on torch CPU in float32.

usage: $LORAG_PEERS/bin/python test/golden/heads.py

The decoder is AutoModelForSequenceClassification, whose head reads the last token. Sentence encoders are pooled by the mean,
which transformers has no model for: its loss functions on its BertModel. Weights and texts are formulas, as in decoders.py.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModel, AutoModelForSequenceClassification, BertConfig, MPNetConfig
from transformers.loss.loss_utils import ForSequenceClassificationLoss

from decoders import formula, models, set_weights

STEPS, RATE, RANK, ALPHA, LABELS = 6, 0.01, 3, 6, 3
LENGTHS = [9, 4, 14, 6, 5]
small = dict(vocab_size=48, hidden_size=64, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
             max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
texts = [[2 + (3 + 7 * i + 5 * place) % 46 for i in range(length)] for place, length in enumerate(LENGTHS)]
golds = {
    "single_label_classification": [0, 2, 1, 2, 0],
    "multi_label_classification": [[1, 0, 1], [0, 0, 0], [0, 1, 0], [1, 1, 1], [0, 0, 1]],
    "regression": [[0.5], [-1.25], [2.0], [0.0], [1.5]],
}


class MeanPooled(torch.nn.Module):
    def __init__(self, encoder, problem, labels):
        super().__init__()
        self.encoder, self.problem = encoder, problem
        self.score = torch.nn.Linear(64, labels)

    def forward(self, input_ids, attention_mask, labels):
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).float()
        scores = self.score((hidden * mask).sum(1) / mask.sum(1))

        class Config:
            problem_type, num_labels = self.problem, scores.shape[1]

        return ForSequenceClassificationLoss(labels, scores, Config)


def batch(problem):
    longest = max(LENGTHS)
    ids = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
    mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts])
    labels = torch.tensor(golds[problem])
    if problem == "regression":
        labels = labels.squeeze(-1)
    if problem == "multi_label_classification":
        labels = labels.float()
    return dict(input_ids=ids, attention_mask=mask, labels=labels)


def lora(model, targets):
    return get_peft_model(model, LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=targets))


def record(kind, problem, tuned):
    outputs = 1 if problem == "regression" else LABELS
    if kind == "llama":
        config = models["llama"]
        config.num_labels, config.problem_type = outputs, problem
        config.pad_token_id = 0
        model = AutoModelForSequenceClassification.from_config(config, attn_implementation="eager").float()
        base, head = model.model, model.score
        targets = [f"{part}_proj" for part in ("q", "k", "v", "o", "gate", "up", "down")]
    else:
        config = BertConfig(**small) if kind == "bert" else MPNetConfig(**small)
        model = MeanPooled(AutoModel.from_config(config, attn_implementation="eager").float(), problem, outputs)
        base, head = model.encoder, model.score
        targets = ["query", "key", "value", "q", "k", "v", "o", "dense"]
    stored = {"llama": "model.", "bert": "", "mpnet": ""}[kind]
    tensors = {}
    for place, (name, parameter) in enumerate(base.named_parameters()):
        middle = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
        parameter.data = formula(parameter.shape, place, 0.25) + middle
        tensors[stored + name] = [list(parameter.shape), middle]
        parameter.requires_grad = False
    names = []
    if tuned:
        inner = base
        adapted = lora(inner, [t for t in targets])
        if kind == "llama":
            model.model = adapted
        else:
            model.encoder = adapted
        adapter = {name: p for name, p in adapted.named_parameters() if p.requires_grad}
        # Poolers are no part of the vectors.
        adapter = {name: p for name, p in adapter.items() if "pooler" not in name}
        for place, parameter in enumerate(adapter.values()):
            parameter.data = formula(parameter.shape, 1000 + place, 0.25)
        names = [name.replace(".default.", ".") for name in adapter]
        trained = list(adapter.values())
    else:
        trained = []
    head.weight.data = formula(head.weight.shape, 2000, 0.25)
    if head.bias is not None:
        head.bias.data = formula(head.bias.shape, 2001, 0.25)
    for parameter in head.parameters():
        parameter.requires_grad = True
        trained.append(parameter)
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.0)
    model.train()
    losses = []
    for _ in range(STEPS):
        out = model(**batch(problem))
        loss = out.loss if kind == "llama" else out
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return {"kind": kind, "problem": problem, "tuned": tuned, "config": config.to_dict(), "tensors": tensors, "adapter": names, "losses": losses}


torch.set_num_threads(1)
rows = [record(kind, problem, tuned) for kind, problem, tuned in [
    ("llama", "single_label_classification", False), ("llama", "single_label_classification", True),
    ("bert", "single_label_classification", False), ("bert", "single_label_classification", True),
    ("bert", "multi_label_classification", True), ("bert", "regression", True), ("mpnet", "single_label_classification", True),
]]
recorded = {"rate": RATE, "rank": RANK, "alpha": ALPHA, "labels": LABELS, "texts": texts, "golds": golds, "rows": rows}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print([(row["kind"], row["problem"], row["tuned"], row["losses"]) for row in rows])
