"""Records trainer.json: losses of transformers' Trainer, all weights of a tiny llama with biases of decoders.py.

usage: $LORAG_PEERS/bin/python test/golden/trainer.py

Warm-up, cosine, clipping, weight decay, accumulation over batches of unequal numbers of tokens, label smoothing. The
micro-batches come in one order, over and over.
"""

import json
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

from decoders import models, set_weights

NAME, STEPS, RATE, DECAY, WARMUP = "llama, linear rotary scaling and biases", 20, 1e-3, 0.1, 2
# Prompt and completion of each: few scored tokens beside many.
LENGTHS = [(6, 2), (5, 12), (9, 3), (4, 14), (7, 1), (3, 9)]
variants = {
    "accumulated": dict(gradient_accumulation_steps=3, max_grad_norm=1.0),
    "smoothed": dict(gradient_accumulation_steps=1, max_grad_norm=0.0, label_smoothing_factor=0.2),
}


def example(place, prompt, completion):
    ids = [3 + (5 * i * i + 7 * place) % 45 for i in range(prompt + completion)]
    return {"input_ids": ids, "labels": [-100] * prompt + ids[prompt:], "start": prompt}


examples = [example(place, *lengths) for place, lengths in enumerate(LENGTHS)]


def collate(rows):
    longest = max(len(row["input_ids"]) for row in rows)
    pad = lambda values, filler: values + [filler] * (longest - len(values))
    return {
        "input_ids": torch.tensor([pad(row["input_ids"], 0) for row in rows]),
        "attention_mask": torch.tensor([pad([1] * len(row["input_ids"]), 0) for row in rows]),
        "labels": torch.tensor([pad(row["labels"], -100) for row in rows]),
    }


class InOrder(Trainer):
    def _get_train_sampler(self, *_):
        return torch.utils.data.SequentialSampler(self.train_dataset)


def record(options):
    model = AutoModelForCausalLM.from_config(models[NAME], attn_implementation="eager").float()
    set_weights(model)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, max_steps=STEPS, learning_rate=RATE, weight_decay=DECAY, warmup_steps=WARMUP,
            lr_scheduler_type="cosine", per_device_train_batch_size=2, logging_steps=1, use_cpu=True, report_to=[],
            save_strategy="no", remove_unused_columns=False, optim="adamw_torch", disable_tqdm=True, **options)
        trainer = InOrder(model, arguments, train_dataset=examples, data_collator=collate)
        trainer.train()
        logs = [row for row in trainer.state.log_history if "loss" in row]
    model.eval()
    end = [model(**collate([row])).loss.item() for row in examples]
    return {"losses": [float(row["loss"]) for row in logs], "end": end}


torch.set_num_threads(1)
recorded = {
    "name": NAME, "steps": STEPS, "rate": RATE, "decay": DECAY, "warmup": WARMUP,
    "examples": [{"ids": row["input_ids"], "start": row["start"]} for row in examples],
    "variants": {name: {**options, **record(options)} for name, options in variants.items()},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded) + "\n")
print({name: (one["losses"], one["end"]) for name, one in recorded["variants"].items()})
