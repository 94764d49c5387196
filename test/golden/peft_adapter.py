"""Writes peft-adapter/, a rank-2 adapter on a two-layer llama as PEFT saves it, and peft-adapter.json, its tensors'
sums.  usage: python test/golden/peft_adapter.py"""

import json, pathlib, torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

here = pathlib.Path(__file__).parent
torch.manual_seed(3)
model = LlamaForCausalLM(LlamaConfig(hidden_size=8, intermediate_size=12, num_hidden_layers=2, num_attention_heads=2,
                                     num_key_value_heads=1, vocab_size=16))
model.name_or_path = "tiny/llama"
model.config._name_or_path = "tiny/llama"
peft = get_peft_model(model, LoraConfig(r=2, lora_alpha=4, lora_dropout=0.1, target_modules=["q_proj", "down_proj"],
                                        init_lora_weights=False, task_type="CAUSAL_LM"))
peft.save_pretrained(here / "peft-adapter")
(here / "peft-adapter" / "README.md").unlink(missing_ok=True)
tensors = load_file(here / "peft-adapter" / "adapter_model.safetensors")
sums = {name: {"shape": list(t.shape), "sum": t.double().sum().item()} for name, t in tensors.items()}
(here / "peft-adapter.json").write_text(json.dumps(sums, indent=1) + "\n")
