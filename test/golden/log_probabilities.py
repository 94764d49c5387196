"""The transformers and PEFT side of test/peers/export.peer.ts and of the export bench. Reads a job from stdin:

  {"model": folder or null, "gguf": file or null, "adapter": PEFT folder or null,
   "sequences": [{"ids": [...], "start": n}], "texts": [...]}

and prints {"log_probabilities": [[...], ...], "tokens": [[...], ...]} as JSON: for each sequence the natural logarithm of
the probability of every token from `start` on, and what the folder's own tokenizer makes of the texts.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

job = json.load(sys.stdin)
torch.set_num_threads(2)
model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
if job.get("adapter"):
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, job["adapter"])
model.eval()
found = []
with torch.no_grad():
    for sequence in job["sequences"]:
        ids = torch.tensor([sequence["ids"]])
        scores = torch.log_softmax(model(input_ids=ids).logits[0].double(), dim=-1)
        places = range(sequence["start"], ids.shape[1])
        found.append([scores[place - 1, ids[0, place]].item() for place in places])
tokens, chats = [], []
if job.get("texts") or job.get("chats"):
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    tokens = [tokenizer.encode(text, add_special_tokens=False) for text in job.get("texts", [])]
    chats = [tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) for chat in job.get("chats", [])]
print(json.dumps({"log_probabilities": found, "tokens": tokens, "chats": chats}))
