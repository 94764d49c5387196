"""Trains the adapter of a job with TRL: `accelerate launch train.py FOLDER`.

The folder holds `job/` and `adapter/`, which are never changed: settings, tokens, the plan of the steps, and the adapter to
begin with. What comes of it goes into `out/`: metrics.jsonl, launches.jsonl, checkpoints, `best/`, and at the end `done.json`,
or `failed.json` where going on would be no use. The same command goes on after the last complete checkpoint, whatever ended
the run before. All machines of a job see the same folder.
"""

import fcntl
import json
import math
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import torch
from accelerate import PartialState
from datasets import Dataset
from peft import PeftModel
from torch.utils.data import DataLoader
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback, set_seed
from trl import SFTConfig, SFTTrainer

FOLDER = Path(sys.argv[1])
JOB, OUT = FOLDER / "job", FOLDER / "out"
settings = json.loads((JOB / "settings.json").read_text())
rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
stopping = False


def stop(*_):
    global stopping
    stopping = True


def write_down(name, value, mode="w"):
    """Whole or not at all, where it is a file of its own; by the first process alone."""
    if rank != 0:
        return
    text = json.dumps(value) + "\n"
    if mode == "a":
        with (OUT / name).open("a") as file:
            file.write(text)
        return
    (OUT / f"{name}.part").write_text(text)
    (OUT / f"{name}.part").rename(OUT / name)


def read_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def last_checkpoint():
    """The newest one that is whole; others are removed."""
    found = []
    for path in OUT.glob("checkpoint-*"):
        if (path / "complete").exists():
            found.append(path)
        elif rank == 0:
            shutil.rmtree(path, ignore_errors=True)
    return max(found, key=lambda path: int(path.name.split("-")[1]), default=None)


def dataset(name):
    """Tokens and labels, and at the end a row without labels, which fills up what is too short."""
    rows = read_lines(JOB / name)
    examples = [
        {"input_ids": row["ids"], "labels": [-100] * row["start"] + row["ids"][row["start"] :]} for row in rows
    ]
    examples.append({"input_ids": examples[0]["input_ids"][:2], "labels": [-100, -100]})
    return Dataset.from_list(examples)


def share(members, parts, filler):
    """Cuts a list into so many parts, in order, none of them empty."""
    size = math.ceil(len(members) / parts)
    return [members[i * size : (i + 1) * size] or [filler] for i in range(parts)]


def mine(batches, passes, filler):
    """Of each of these batches the passes of this process."""
    return [part for batch in batches for part in share(batch, world * passes, filler)[rank * passes : (rank + 1) * passes]]


class Trainer(SFTTrainer):
    """Takes the very examples of each step that the plan says."""

    def get_train_dataloader(self):
        data = self.train_dataset
        batches = mine(json.loads((JOB / "steps.json").read_text()), settings["passes"], len(data) - 1)
        return DataLoader(data, batch_sampler=batches, collate_fn=self.data_collator)

    def create_optimizer(self, *args, **kwargs):
        ratio = settings.get("loraplus_lr_ratio")
        if ratio is None or self.optimizer is not None:
            return super().create_optimizer(*args, **kwargs)
        named = [(name, value) for name, value in self.model.named_parameters() if value.requires_grad]
        rate = self.args.learning_rate
        groups = [
            {"params": [value for name, value in named if ("lora_B" in name) == fast], "lr": rate * (ratio if fast else 1)}
            for fast in (False, True)
        ]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=self.args.weight_decay)
        return self.optimizer

    def add_up(self, *values):
        """Sums over all processes."""
        return self.accelerator.reduce(torch.tensor(values, dtype=torch.float64, device=self.args.device), "sum").tolist()

    def validation_loss(self):
        """The mean over all tokens that are scored; None where there is nothing to validate on."""
        data = self.eval_dataset
        if data is None:
            return None
        size = settings["rows"] * world
        everything = list(range(len(data) - 1))
        batches = [everything[i : i + size] for i in range(0, len(everything), size)]
        self.model.eval()
        total, count = 0.0, 0
        with torch.no_grad():
            for batch in DataLoader(data, batch_sampler=mine(batches, 1, len(data) - 1), collate_fn=self.data_collator):
                batch = self._prepare_inputs(batch)
                logits = self.model_wrapped(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
                targets = batch["labels"][:, 1:].reshape(-1)
                scores = logits[:, :-1].float().reshape(len(targets), -1)
                total += torch.nn.functional.cross_entropy(scores, targets, ignore_index=-100, reduction="sum").item()
                count += int((targets != -100).sum())
        self.model.train()
        total, count = self.add_up(total, count)
        return total / count


class Control(TrainerCallback):
    """Validates where the plan says, keeps the best, stops early or when asked, writes down what happened."""

    def __init__(self, lines):
        self.trainer = None
        self.lines = lines
        self.validation = None
        self.saved = time.time()
        self.began = time.time() - (lines[-1]["seconds"] if lines else 0)

    @property
    def validated(self):
        return [line["validation"] for line in self.lines if line["validation"] is not None]

    def keep(self, step, train=None, rate=0, norm=0):
        line = {"step": step, "steps": settings["steps"], "epoch": settings["epochs"][step - 1] if step else 0}
        line |= {"train": train, "validation": self.validation, "learningRate": rate, "gradientNorm": norm}
        line |= {"tokens": 0, "seconds": time.time() - self.began, "time": time.time()}
        self.lines.append(line)
        self.validation = None
        write_down("metrics.jsonl", line, "a")

    def validate(self):
        self.validation = self.trainer.validation_loss()
        if self.validation is not None and self.validation < min(self.validated, default=math.inf):
            self.trainer.save_model(str(OUT / "best"))

    def on_step_end(self, args, state, control, **_):
        if state.global_step in settings["validate"]:
            self.validate()
        stops, saves = self.trainer.add_up(stopping, time.time() - self.saved > settings["checkpoint_seconds"])
        control.should_training_stop |= stops > 0
        control.should_save |= stops + saves > 0 or self.validation is not None
        control.should_log = True

    def on_log(self, args, state, control, logs, **_):
        if "loss" not in logs:
            return
        if not math.isfinite(logs["loss"]) or not math.isfinite(logs.get("grad_norm", 0)):
            write_down("failed.json", {"step": state.global_step, "loss": str(logs["loss"])})
            control.should_training_stop = True
            control.should_save = False
            return
        self.keep(state.global_step, logs["loss"], logs.get("learning_rate", 0), logs.get("grad_norm", 0))
        patience, seen = settings["early_stopping_patience"], self.validated
        if patience > 0 and seen and len(seen) - 1 - seen.index(min(seen)) >= patience:
            control.should_training_stop = True

    def on_save(self, args, state, control, **_):
        self.saved = time.time()
        if rank == 0:
            (OUT / f"checkpoint-{state.global_step}" / "complete").touch()


def main():
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    OUT.mkdir(exist_ok=True)
    everyone = PartialState(cpu=not torch.cuda.is_available())
    lock = (OUT / "lock").open("w")
    if rank == 0:
        # A run whose starter has gone may still be at work: it is waited for.
        fcntl.flock(lock, fcntl.LOCK_EX)
        (OUT / "failed.json").unlink(missing_ok=True)
    everyone.wait_for_everyone()
    if (OUT / "done.json").exists():
        return
    checkpoint = last_checkpoint()
    step = int(checkpoint.name.split("-")[1]) if checkpoint else 0
    lines = [line for line in read_lines(OUT / "metrics.jsonl") if line["step"] <= step and checkpoint]
    everyone.wait_for_everyone()
    write_down("launches.jsonl", {"from": step, "processes": world, "time": time.time()}, "a")
    set_seed(settings["seed"])
    precision = os.environ.get("ACCELERATE_MIXED_PRECISION", "no")
    config = SFTConfig(
        output_dir=str(OUT),
        use_cpu=not torch.cuda.is_available(),
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        max_steps=settings["steps"],
        per_device_train_batch_size=settings["rows"],
        gradient_accumulation_steps=settings["passes"],
        learning_rate=settings["learning_rate"],
        lr_scheduler_type=settings["scheduler"],
        warmup_steps=settings["warmup_steps"],
        weight_decay=settings["weight_decay"],
        max_grad_norm=settings["max_grad_norm"],
        label_smoothing_factor=settings["label_smoothing_factor"],
        seed=settings["seed"],
        logging_steps=1,
        save_strategy="no",
        save_total_limit=2,
        eval_strategy="no",
        report_to=[],
        disable_tqdm=True,
        gradient_checkpointing=False,
        ddp_find_unused_parameters=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
    )
    # Within the folder, or anywhere on this machine.
    model = str(FOLDER / settings["model"])
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(model)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    control = Control(lines)
    if rank == 0:
        (OUT / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    trainer = Trainer(
        model=PeftModel.from_pretrained(base, str(FOLDER / "adapter"), is_trainable=True),
        args=config,
        train_dataset=dataset("train.jsonl"),
        eval_dataset=dataset("validation.jsonl") if settings["validates"] else None,
        processing_class=tokenizer,
        callbacks=[control],
    )
    control.trainer = trainer
    if not lines and settings["validates"]:
        trainer.model_wrapped = trainer.model.to(config.device)
        control.validate()
        control.keep(0)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    ended = trainer.add_up(stopping, (OUT / "failed.json").exists())
    if ended[1] > 0 or (ended[0] > 0 and trainer.state.global_step < settings["steps"]):
        return
    if not settings["validates"]:
        trainer.save_model(str(OUT / "best"))
    trainer.accelerator.wait_for_everyone()
    device = "gpu" if torch.cuda.is_available() else "cpu"
    write_down("done.json", {"steps": trainer.state.global_step, "device": device})


main()
