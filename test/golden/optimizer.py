"""Records optimizer.json: torch AdamW with clipping under transformers' schedules, on six parameters.

usage: $LORAG_PEERS/bin/python test/golden/optimizer.py
"""

import json
import math
from pathlib import Path

import torch
from transformers import get_scheduler

STEPS, WARMUP = 20, 0.1
options = dict(lr=0.05, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)
runs = {}
for name, scheduler_name in [("cosine", "cosine"), ("linear", "linear"), ("constant", "constant_with_warmup")]:
    parameter = torch.nn.Parameter(torch.tensor([math.sin(3.0 * i + 1) for i in range(6)]))
    optimizer = torch.optim.AdamW([parameter], **options)
    schedule = get_scheduler(scheduler_name, optimizer, math.ceil(STEPS * WARMUP), STEPS)
    rates, norms, values = [], [], []
    for step in range(STEPS):
        parameter.grad = torch.tensor([math.cos(0.7 * step + i) * (i + 1) / 3 for i in range(6)])
        norms.append(float(torch.nn.utils.clip_grad_norm_([parameter], 1.0)))
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
        values.append(parameter.detach().tolist())
    runs[name] = dict(rates=rates, norms=norms, values=values)
Path(__file__).with_suffix(".json").write_text(json.dumps(dict(steps=STEPS, warmupRatio=WARMUP, **options, runs=runs)))
