"""The TRL side of test/peers/dpo.peer.ts. Reads a job from stdin and prints what DPOTrainer measures of an adapter as JSON:

  {"model": folder, "adapter": folder, "beta": number, "pairs": [{"prompt": text, "chosen": text, "rejected": text}], "scratch": folder}

The reference is the model without the adapter. TRL ends every answer with the tokenizer's own end.
"""

import json
import sys

import torch
from datasets import Dataset
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

job = json.load(sys.stdin)
load = lambda: AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
pairs = Dataset.from_list(job["pairs"])
trainer = DPOTrainer(
    model=PeftModel.from_pretrained(load(), job["adapter"], is_trainable=True),
    ref_model=load(),
    args=DPOConfig(output_dir=job["scratch"], beta=job["beta"], report_to="none", use_cpu=True, bf16=False,
                   per_device_eval_batch_size=len(pairs), gradient_checkpointing=False),
    train_dataset=pairs,
    eval_dataset=pairs,
    processing_class=AutoTokenizer.from_pretrained(job["model"]),
)
print(json.dumps(trainer.evaluate()))
