"""Records methods.json: losses of AdamW steps of DoRA, whole weights and DPO on the tiny models of decoders.py.

usage: $LORAG_PEERS/bin/python test/golden/methods.py

DoRA is PEFT's, whole weights are transformers', DPO the sigmoid loss as TRL computes it (trl/trainer/dpo_trainer.py), its
reference the model with the adapter switched off; smoothed, the conservative one (https://ericmitchell.ai/cdpo.pdf), by its formula.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from decoders import START, formula, models, sequence, set_weights

STEPS, RATE, FULL_RATE, RANK, ALPHA, BETA, SMOOTHING = 3, 0.01, 0.0005, 3, 6, 0.3, 0.2
TARGETS = "all-linear"


def fresh(config):
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float()
    set_weights(model)
    return model


def adapted(config, **options):
    model = get_peft_model(fresh(config), LoraConfig(
        r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=TARGETS, task_type="CAUSAL_LM", **options)).train()
    adapter = {name: p for name, p in model.named_parameters() if p.requires_grad}
    places = {}
    for name, parameter in adapter.items():
        if "magnitude" in name:
            continue
        places[name.replace(".default.", ".")] = 1000 + len(places)
        parameter.data = formula(parameter.shape, places[name.replace(".default.", ".")], 0.25)
    return model, list(adapter.values()), list(places)


def train(parameters, rate, loss_of):
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0)
    losses = []
    for _ in range(STEPS):
        loss = loss_of()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def next_token(model, config):
    ids = sequence(config)
    labels = ids.clone()
    labels[0, :START] = -100
    return lambda: model(input_ids=ids, labels=labels).loss


def log_likelihood(model, ids):
    logits = model(input_ids=ids).logits[:, :-1].log_softmax(-1)
    return logits.gather(-1, ids[:, 1:, None])[0, START - 1:, 0].sum()


def dpo(config, smoothing=0.0):
    model, parameters, _ = adapted(config)
    chosen = sequence(config)[:, :20]
    rejected = chosen.clone()
    rejected[0, START:] = (chosen[0, START:] * 3 + 1) % config.vocab_size
    rejected = rejected[:, :16]
    with torch.no_grad(), model.disable_adapter():
        reference = log_likelihood(model, chosen) - log_likelihood(model, rejected)

    def loss():
        policy = log_likelihood(model, chosen) - log_likelihood(model, rejected)
        preferred = BETA * (policy - reference)
        sigmoid = torch.nn.functional.logsigmoid
        return -(1 - smoothing) * sigmoid(preferred) - smoothing * sigmoid(-preferred)

    return {"chosen": chosen[0].tolist(), "rejected": rejected[0].tolist(), "losses": train(parameters, RATE, loss)}


def record(config):
    model, parameters, names = adapted(config, use_dora=True)
    dora = train(parameters, RATE, next_token(model, config))
    whole = fresh(config).train()
    full = train(list(whole.parameters()), FULL_RATE, next_token(whole, config))
    last = fresh(config).train()
    mark = f"model.layers.{config.num_hidden_layers - 1}."
    own = [p for name, p in last.named_parameters() if name.startswith(mark)]
    return {"tensors": names, "dora": dora, "full": full, "last": train(own, FULL_RATE, next_token(last, config)),
            "dpo": dpo(config), "smoothed": dpo(config, SMOOTHING)["losses"]}


torch.set_num_threads(1)
recorded = {"rate": RATE, "fullRate": FULL_RATE, "rank": RANK, "alpha": ALPHA, "beta": BETA, "smoothing": SMOOTHING,
            "models": {name: record(config) for name, config in models.items()}}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print({name: (one["dora"], one["full"], one["last"], one["dpo"]["losses"]) for name, one in recorded["models"].items()})
