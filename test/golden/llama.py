"""Records llama.json: SmolLM2-135M-Instruct in transformers and PEFT on torch CPU in float32.

usage: $LORAG_PEERS/bin/python test/golden/llama.py SmolLM2-135M-Instruct.Q4_1.gguf

- `logits`: log likelihoods of a passage's tokens and some logits of its last position;
- `gradient`: loss of one batch and, per adapter tensor, the gradient's length and its sums under pseudo-random signs
  (a sum of n differences with random signs is about as large as their Euclidean length, so these few numbers bound
  the error of the whole tensor);
- `training`: the loss at each of 50 AdamW steps.
The adapter is a formula of tensor number and element number, so that it need not be stored.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

PROJECTIONS = 4
passages = [
    ("Which gate do the night ferries use?", "Gate 4. The night ferries moved there when the north pier closed."),
    ("Who signs for damaged crates?", "The shift lead signs, and the carrier keeps a copy of the form."),
    ("How long is a day ticket valid?", "Until 03:00 on the following morning, on every line of the harbour."),
    ("What does the blue flag mean?", "Swimming is allowed; a lifeguard is on duty."),
    ("When is the tide office open?", "From 6 to 18, and by telephone at any hour."),
    ("May dogs travel on the ferry?", "Yes, on a lead and on the open deck only."),
    ("Where are lost things kept?", "For thirty days at the desk in hall B."),
    ("What is the limit for hand luggage?", "Two pieces of at most 12 kilograms together."),
]

torch.set_num_threads(1)  # the same sums on every machine
folder, name = os.path.split(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
model.eval()
sequences = []
for question, answer in passages:
    prompt = tokenizer(f"Question: {question}\nAnswer:")["input_ids"]
    sequences.append({"ids": prompt + tokenizer(f" {answer}")["input_ids"] + [2], "completionStart": len(prompt)})

with torch.no_grad():
    ids = torch.tensor([sequences[0]["ids"]])
    logits = model(ids).logits[0].double()
    likelihoods = torch.log_softmax(logits, -1)[:-1].gather(1, ids[0, 1:, None])[:, 0]
    recorded_logits = {
        "sequence": 0,
        "negativeLogLikelihoods": (-likelihoods).tolist(),
        "every997th": logits[-1, ::997].tolist(),
    }

config = LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM")
model = get_peft_model(model, config)
model.train()
modules = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"]
modules += ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
parameters = dict(model.named_parameters())
adapter = {}
for layer in range(model.config.num_hidden_layers):
    for module in modules:
        for kind in "AB":
            key = f"base_model.model.model.layers.{layer}.{module}.lora_{kind}"
            parameter = parameters[f"{key}.default.weight"]
            element = np.arange(parameter.numel(), dtype=np.float64)
            size = 0.04 if kind == "A" else 0.01
            values = size * np.sin(0.37 * element + len(adapter))
            parameter.data = torch.from_numpy(values.astype(np.float32)).reshape(parameter.shape)
            adapter[f"{key}.weight"] = parameter


def batch_loss(batch):
    length = max(len(s["ids"]) for s in batch)
    ids = torch.tensor([s["ids"] + [2] * (length - len(s["ids"])) for s in batch])
    mask = torch.tensor([[1] * len(s["ids"]) + [0] * (length - len(s["ids"])) for s in batch])
    labels = torch.full_like(ids, -100)
    for row, s in enumerate(batch):
        labels[row, s["completionStart"] : len(s["ids"])] = torch.tensor(s["ids"][s["completionStart"] :])
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss


def signs(count, k):
    mixed = (np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(k * 40503)) & np.uint64(0xFFFFFFFF)
    mixed = ((mixed ^ (mixed >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    return 1.0 - 2.0 * ((mixed >> np.uint64(17)) & np.uint64(1)).astype(np.float64)


loss = batch_loss(sequences[:2])
loss.backward()
gradient = {}
for key, parameter in adapter.items():
    g = parameter.grad.double().flatten().numpy()
    sums = [float((g * signs(len(g), k)).sum()) for k in range(PROJECTIONS)]
    gradient[key] = {"length": float(np.linalg.norm(g)), "signed": sums}
model.zero_grad()
recorded_gradient = {"sequences": [0, 1], "loss": loss.item(), "tensors": gradient}

options = {"lr": 3e-4, "weight_decay": 0.01}
optimizer = torch.optim.AdamW(list(adapter.values()), **options)
losses = []
for step in range(50):
    first = 2 * (step % 4)
    loss = batch_loss(sequences[first : first + 2])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(adapter.values()), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())

def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return {key: rounded(item) for key, item in value.items()} if isinstance(value, dict) else value

recorded = {
    "sequences": sequences,
    "logits": recorded_logits,
    "gradient": recorded_gradient,
    "training": {**options, "clip": 1.0, "losses": losses},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(rounded(recorded)))
