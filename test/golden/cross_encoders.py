"""Records cross-encoders.json: tiny cross-encoders in transformers in float32, with their tokenizers, on pairs of texts.

usage: $LORAG_PEERS/bin/python test/golden/cross_encoders.py

Weights are the formula of decoders.py. `scores` are what sentence-transformers' CrossEncoder gives: the sigmoid of one
label, else the softmax, of which the last label counts here. The last pair is cut at the model's limit.
"""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from decoders import formula, rounded

WORDS = "the ferry fare for a dog is seven florins cabin key lost locked at night purser has it where ? .".split()
PAIRS = [
    ("what is the fare for a dog ?", "the fare for a dog is seven florins ."),
    ("what is the fare for a dog ?", "the purser has the cabin key at night ."),
    ("where is the lost key ?", "the purser has it ."),
    ("where is the lost key ?", " ".join(["the cabin key is locked at night ."] * 9)),
]
sizes = dict(vocab_size=len(WORDS) + 5, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=42)


def set_weights(model):
    shapes = {}
    for seed, (name, parameter) in enumerate(model.named_parameters()):
        middle = 1.0 if "LayerNorm.weight" in name else 0.0
        parameter.data = formula(parameter.shape, seed, 0.25, middle)
        shapes[name] = [list(parameter.shape), middle]
    return shapes


def tokenizer(kind):
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] if kind == "bert" else ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    unknown = "[UNK]" if kind == "bert" else "<unk>"
    made = Tokenizer(models.WordPiece({word: i for i, word in enumerate(special + WORDS)}, unk_token=unknown))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    if kind == "bert":
        made.post_processor = processors.TemplateProcessing(
            "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)])
    else:
        made.post_processor = processors.TemplateProcessing("<s> $A </s>", "<s> $A </s> </s> $B </s>", [("<s>", 0), ("</s>", 2)])
    made.add_special_tokens(special)
    return made


def record(kind, config, model_class):
    model = model_class(config).float().eval()
    tensors = set_weights(model)
    made = tokenizer(kind)
    limit = 42 if kind == "bert" else 40
    scores = []
    for question, text in PAIRS:
        made.enable_truncation(limit, strategy="only_second")
        encoded = made.encode(question, text)
        batch = {"input_ids": torch.tensor([encoded.ids]), "attention_mask": torch.tensor([encoded.attention_mask])}
        if kind == "bert":
            batch["token_type_ids"] = torch.tensor([encoded.type_ids])
        with torch.no_grad():
            logits = model(**batch).logits[0]
        scores.append(float(torch.sigmoid(logits[0]) if len(logits) == 1 else torch.softmax(logits, 0)[-1]))
    made.no_truncation()
    labels = {str(i): f"LABEL_{i}" for i in range(config.num_labels)}
    return {
        "config": {**json.loads(config.to_json_string()), "id2label": labels},
        "tokenizer": json.loads(made.to_str()),
        "tensors": tensors,
        "scores": rounded(scores),
    }


torch.set_num_threads(1)
recorded = {
    "bert, one score": record("bert", BertConfig(**sizes, num_labels=1), BertForSequenceClassification),
    "roberta, two labels": record("roberta", RobertaConfig(**sizes, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1, num_labels=2), RobertaForSequenceClassification),
}
Path(__file__).with_name("cross-encoders.json").write_text(json.dumps({"pairs": PAIRS, "models": recorded}) + "\n")
print({name: one["scores"] for name, one in recorded.items()})
