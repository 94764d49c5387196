"""Writes SmolLM2 from a GGUF into a Hugging Face cache, as `transformers serve` takes models, and prints its greedy
answers as JSON. usage: python test/peers/served_model.py GGUF CACHE NAME TOKENS QUESTION..."""

import json, os, sys
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

file, cache, name, tokens, *questions = sys.argv[1:]
where = {"gguf_file": os.path.basename(file)}
tokenizer = AutoTokenizer.from_pretrained(os.path.dirname(file), **where)
read = AutoModelForCausalLM.from_pretrained(os.path.dirname(file), dtype=torch.float32, **where)
# As plain weights: what was read from a GGUF counts as quantized, and transformers does not write that.
del read.config.quantization_config
model = AutoModelForCausalLM.from_config(read.config, dtype=torch.float32).eval()
model.load_state_dict(read.state_dict())

repository = os.path.join(cache, "models--" + name.replace("/", "--"))
revision = "0" * 40
os.makedirs(os.path.join(repository, "refs"))
with open(os.path.join(repository, "refs", "main"), "w") as refs:
    refs.write(revision)
snapshot = os.path.join(repository, "snapshots", revision)
model.save_pretrained(snapshot)
tokenizer.save_pretrained(snapshot)

answers = []
for question in questions:
    chat = [{"role": "user", "content": question}]
    ids = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    prompt = ids["input_ids"].shape[1]
    out = model.generate(**ids, max_new_tokens=int(tokens), do_sample=False)[0, prompt:]
    text = tokenizer.decode(out, skip_special_tokens=True)
    answers.append({"text": text, "promptTokens": prompt, "completionTokens": len(out)})
print(json.dumps(answers))
