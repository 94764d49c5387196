"""The PEFT side of test/peers/adapter.peer.ts. Reads a job from stdin and prints the logits as JSON:

  {"model": folder, "adapter": folder, "ids": [...], "write": keys of LoraConfig | null}

With `write`, PEFT first makes the adapter, with random A and B and, of DoRA, changed magnitudes, and saves it to the folder; else
it loads it.
"""

import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

job = json.load(sys.stdin)
model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
if job["write"] is not None:
    torch.manual_seed(3)
    targets = ["q_proj", "v_proj", "down_proj"]
    config = LoraConfig(r=4, lora_alpha=8, target_modules=targets, task_type="CAUSAL_LM", **job["write"])
    model = get_peft_model(model, config)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
        if "lora_magnitude_vector" in name:
            parameter.data *= 0.5 + torch.rand_like(parameter)
    model.save_pretrained(job["adapter"])
else:
    model = PeftModel.from_pretrained(model, job["adapter"])
model.eval()
with torch.no_grad():
    logits = model(input_ids=torch.tensor([job["ids"]])).logits[0]
    with model.disable_adapter():
        base = model(input_ids=torch.tensor([job["ids"]])).logits[0]
print(json.dumps({"logits": logits.flatten().tolist(), "base": base.flatten().tolist()}))
