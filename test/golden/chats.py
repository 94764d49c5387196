"""Records chats.json: chats rendered by transformers with the template and tokenizer that a GGUF carries.
usage: python test/golden/chats.py SMOLLM_GGUF"""

import json, pathlib, sys
from gguf import GGUFReader
from transformers.utils.chat_template_utils import render_jinja_template

template = GGUFReader(sys.argv[1]).fields["tokenizer.chat_template"].contents()
user = {"role": "user", "content": "When does the first ferry leave?\n"}
chats = [
    [user],
    [{"role": "system", "content": "Answer in one sentence."}, user],
    [user, {"role": "assistant", "content": "At seven.  "}],
    [user, {"role": "assistant", "content": "At seven."}, {"role": "user", "content": "Et après ? 🚢"}],
]
golden = []
for messages in chats:
    for prompt in (False, True):
        rendered, _ = render_jinja_template(conversations=[messages], chat_template=template, add_generation_prompt=prompt)
        golden.append({"messages": messages, "prompt": prompt, "text": rendered[0]})
(pathlib.Path(__file__).parent / "chats.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
