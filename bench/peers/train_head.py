"""The PEFT side of `npm run bench -- head`: an encoder with LoRA and a new layer on the mean of its last layer. Reads a job as JSON
from stdin:

  {"model": folder, "threads": n, "rank": r, "alpha": a, "learning_rate": lr, "labels": n, "start": [n * hidden + n],
   "batches": [{"texts": [[...]], "targets": [...]}]}

Prints {"seconds": [per step], "losses": [per step]} as JSON. A step is forward, backward, clipping and AdamW, as ours; texts are
padded to the longest of their batch.
"""

import json
import os
import sys
import time

job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = str(job["threads"])
import torch  # noqa: E402  after the number of threads is set
from peft import LoraConfig, get_peft_model  # noqa: E402
from transformers import AutoModel  # noqa: E402

torch.set_num_threads(job["threads"])
torch.manual_seed(0)
base = AutoModel.from_pretrained(job["model"], dtype=torch.float32, add_pooling_layer=False)
targets = ["query", "key", "value", "dense"]
model = get_peft_model(base, LoraConfig(r=job["rank"], lora_alpha=job["alpha"], lora_dropout=0.0, target_modules=targets))
# PEFT leaves it as it finds it: no dropout here either.
model.eval()
hidden, labels = base.config.hidden_size, job["labels"]
head = torch.nn.Linear(hidden, labels)
start = torch.tensor(job["start"])
head.weight.data = start[: labels * hidden].view(labels, hidden).clone()
head.bias.data = start[labels * hidden :].clone()
parameters = [p for p in model.parameters() if p.requires_grad] + list(head.parameters())
optimizer = torch.optim.AdamW(parameters, lr=job["learning_rate"], weight_decay=0.0)

seconds, losses = [], []
for batch in job["batches"]:
    began = time.perf_counter()
    longest = max(len(text) for text in batch["texts"])
    ids = torch.tensor([text + [0] * (longest - len(text)) for text in batch["texts"]])
    mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in batch["texts"]])
    states = model(input_ids=ids, attention_mask=mask).last_hidden_state * mask.unsqueeze(-1)
    scores = head(states.sum(1) / mask.sum(1, keepdim=True))
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(batch["targets"]))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - began)
    losses.append(loss.item())
print(json.dumps({"seconds": seconds, "losses": losses}))
