"""Records tuning.json: the losses of AdamW steps on a tiny llama of decoders.py under PEFT's variants of LoRA.

usage: $LORAG_PEERS/bin/python test/golden/tuning.py
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from peft.optimizers import create_loraplus_optimizer
from transformers import AutoModelForCausalLM

from decoders import START, formula, models, sequence, set_weights

STEPS, RATE, RANK, ALPHA = 8, 0.01, 3, 6
variants = {
    "lora": {},
    "rslora": {"use_rslora": True},
    "layers": {"layers_to_transform": [1]},
    "loraplus": {"ratio": 8},
}


def record(ratio=None, **options):
    config = models["llama"]
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float()
    set_weights(model)
    targets = [f"{part}_proj" for part in ("q", "k", "v", "o", "gate", "up", "down")]
    settings = LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=targets, task_type="CAUSAL_LM", **options)
    model = get_peft_model(model, settings).train()
    adapter = {name: p for name, p in model.named_parameters() if p.requires_grad}
    for place, parameter in enumerate(adapter.values()):
        parameter.data = formula(parameter.shape, 1000 + place, 0.25)
    if ratio:
        optimizer = create_loraplus_optimizer(
            model, torch.optim.AdamW, lr=RATE, loraplus_lr_ratio=ratio, weight_decay=0.0)
    else:
        optimizer = torch.optim.AdamW(adapter.values(), lr=RATE, weight_decay=0.0)
    ids = sequence(config)
    labels = ids.clone()
    labels[0, :START] = -100
    losses = []
    for _ in range(STEPS):
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return {"tensors": [name.replace(".default.", ".") for name in adapter], "losses": losses}


torch.set_num_threads(1)
recorded = {"rate": RATE, "rank": RANK, "alpha": ALPHA, "variants": {k: record(**v) for k, v in variants.items()}}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print({name: one["losses"] for name, one in recorded["variants"].items()})
