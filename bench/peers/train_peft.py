"""One side of `npm run bench -- train` and `train-full`: LoRA on torch CPU by PEFT, or all weights by transformers. Reads a job as JSON from stdin:

  {"gguf": path, "dtype": "float32" | "bfloat16", "threads": n, "method": "lora" | "full", "rank": r, "alpha": a, "learning_rate": lr,
   "batches": [{"ids": [[...]], "labels": [[...]]}]}   rows padded alike; label -100 is not scored

Prints {"seconds": [per step], "losses": [per step], "rss": peak resident bytes} as JSON. A step is forward,
backward, clipping and AdamW, as ours.
"""

import json
import os
import sys
import time

job = json.load(sys.stdin)
os.environ["OMP_NUM_THREADS"] = str(job["threads"])
import torch  # noqa: E402  after the number of threads is set
from peft import LoraConfig, get_peft_model  # noqa: E402
from transformers import AutoModelForCausalLM  # noqa: E402

torch.set_num_threads(job["threads"])
torch.manual_seed(0)
folder, name = os.path.split(job["gguf"])
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=getattr(torch, job["dtype"]))
if job["method"] == "lora":
    model = get_peft_model(
        model, LoraConfig(r=job["rank"], lora_alpha=job["alpha"], lora_dropout=0.0, target_modules="all-linear")
    )
model.train()
parameters = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(parameters, lr=job["learning_rate"], weight_decay=0.0)

seconds, losses = [], []
for batch in job["batches"]:
    ids = torch.tensor(batch["ids"])
    labels = torch.tensor(batch["labels"])
    began = time.perf_counter()
    loss = model(input_ids=ids, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - began)
    losses.append(loss.item())

with open("/proc/self/status") as status:
    peak = next(line for line in status if line.startswith("VmHWM"))
print(json.dumps({"seconds": seconds, "losses": losses, "rss": int(peak.split()[1]) * 1024}))
