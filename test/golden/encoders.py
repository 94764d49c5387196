"""Records encoders.json: tiny models of each encoder architecture in transformers and sentence-transformers in float32.

usage: $LORAG_PEERS/bin/python test/golden/encoders.py

Weights are the formula of decoders.py. `vector` is of the encoder, pooled and scaled as `settings` say; `scores` of a
classifier with two labels reads the same ids, the last of them as the second text of a pair.
"""

import json
from pathlib import Path

import torch
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    BertConfig,
    DistilBertConfig,
    MPNetConfig,
    RobertaConfig,
    XLMRobertaConfig,
)

from decoders import formula, mixed, rounded

LENGTH, SECOND = 24, 15
sizes = dict(vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
             max_position_embeddings=40, num_labels=2)
padded = dict(pad_token_id=1, bos_token_id=0, eos_token_id=2)
distil = dict(vocab_size=40, dim=32, n_layers=2, n_heads=4, hidden_dim=48, max_position_embeddings=40, num_labels=2)
models = {
    "bert, mean": (BertConfig(**sizes), "mean", True),
    "bert, first token, as long as it comes": (BertConfig(**sizes), "cls", False),
    "roberta": (RobertaConfig(**sizes, **padded, type_vocab_size=1), "mean", True),
    "xlm-roberta": (XLMRobertaConfig(**sizes, **padded, type_vocab_size=1, layer_norm_eps=1e-5), "mean", True),
    "distilbert": (DistilBertConfig(**distil), "mean", False),
    "mpnet": (MPNetConfig(**sizes, **padded), "cls", True),
}


def set_weights(model):
    shapes = {}
    for seed, (name, parameter) in enumerate(model.named_parameters()):
        middle = 1.0 if "LayerNorm.weight" in name or "layer_norm.weight" in name else 0.0
        parameter.data = formula(parameter.shape, seed, 0.25, middle)
        shapes[name] = [list(parameter.shape), middle]
    return shapes


def record(config, pooling, normalize):
    ids = torch.from_numpy(3 + mixed(LENGTH, 99) % (sizes["vocab_size"] - 3)).long()[None]
    mask = torch.ones_like(ids)
    model = AutoModel.from_config(config).float().eval()
    tensors = set_weights(model)
    classifier = AutoModelForSequenceClassification.from_config(config).float().eval()
    scored = set_weights(classifier)
    pair = {"input_ids": ids, "attention_mask": mask}
    if getattr(config, "type_vocab_size", 1) > 1 and config.model_type == "bert":
        pair["token_type_ids"] = (torch.arange(LENGTH) >= SECOND).long()[None]
    with torch.no_grad():
        features = {"token_embeddings": model(input_ids=ids, attention_mask=mask).last_hidden_state, "attention_mask": mask}
        features = Pooling(32, pooling_mode=pooling)(features)
        if normalize:
            features = Normalize()(features)
        scores = classifier(**pair).logits[0]
    return {
        "config": {**json.loads(config.to_json_string()), "id2label": {"0": "LABEL_0", "1": "LABEL_1"}},
        "tensors": tensors,
        "classifierTensors": scored,
        "settings": {"pooling": pooling, "normalize": normalize},
        "ids": ids[0].tolist(),
        "secondFrom": SECOND,
        "vector": rounded(features["sentence_embedding"][0].tolist()),
        "scores": rounded(scores.tolist()),
    }


torch.set_num_threads(1)
recorded = {name: record(*model) for name, model in models.items()}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print({name: one["scores"] for name, one in recorded.items()})
