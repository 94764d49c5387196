"""Records chat_families.json: small templates in the shapes of six families, rendered by transformers.
usage: python test/golden/chat_families.py"""

import datetime, json, pathlib
from transformers.utils import chat_template_utils
from transformers.utils.chat_template_utils import render_jinja_template


class NewYear(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 31)


chat_template_utils.datetime = NewYear

IM = """{%- macro turn(role, text) -%}<|im_start|>{{ role }}
{{ text }}<|im_end|>
{% endmacro -%}
"""
families = {
    # Turns must alternate, the system message begins the first user's turn.
    "mistral": """{%- if messages[0]['role'] == 'system' -%}
  {%- set system = messages[0]['content'] -%}{%- set turns = messages[1:] -%}
{%- else -%}{%- set turns = messages -%}{%- endif -%}
{{ bos_token }}
{%- for message in turns -%}
  {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
    {{ raise_exception('Roles must go user, assistant, user, assistant.') }}
  {%- endif -%}
  {%- if message['role'] == 'user' -%}
    {%- if loop.first and system is defined -%}
      {{ '[INST] ' + system + '\\n\\n' + message['content'] + '[/INST]' }}
    {%- else -%}{{ '[INST] ' + message['content'] + '[/INST]' }}{%- endif -%}
  {%- elif message['role'] == 'assistant' -%}{{ ' ' + message['content'] | trim + eos_token }}
  {%- else -%}{{ raise_exception('Only user and assistant are known.') }}{%- endif -%}
{%- endfor -%}""",
    # Knows no system role at all.
    "mistral-without-system": """{{ bos_token }}
{%- for message in messages -%}
  {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception('Roles must alternate.') }}{%- endif -%}
  {%- if message['role'] == 'user' -%}{{ '[INST] ' + message['content'] + ' [/INST]' }}
  {%- else -%}{{ message['content'] + eos_token }}{%- endif -%}
{%- endfor -%}""",
    "gemma": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}{{ raise_exception('There is no system role.') }}{%- endif -%}
{%- for message in messages -%}
  {%- set role = 'model' if message['role'] == 'assistant' else message['role'] -%}
  {{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}""",
    "gemma-with-prefix": """{{ bos_token }}
{%- if messages[0].role == 'system' -%}
  {%- if messages[0].content is string -%}{%- set prefix = messages[0].content + '\\n\\n' -%}
  {%- else -%}{%- set prefix = messages[0].content[0].text + '\\n\\n' -%}{%- endif -%}
  {%- set rest = messages[1:] -%}
{%- else -%}{%- set prefix = '' -%}{%- set rest = messages -%}{%- endif -%}
{%- for message in rest -%}
  {{ '<start_of_turn>' + ('model' if message.role == 'assistant' else message.role) + '\\n' + (prefix if loop.first else '') }}
  {%- if message.content is iterable and message.content is not string -%}
    {%- for part in message.content -%}{{ part.text | trim }}{%- endfor -%}
  {%- else -%}{{ message.content | trim }}{%- endif -%}
  {{ '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<start_of_turn>model\\n' }}{%- endif -%}""",
    "phi": """{% for message in messages %}{% if message['role'] in ['system', 'user', 'assistant'] %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    # Looks for the last question from the end; thoughts of earlier answers are taken out.
    "qwen3": IM + """{%- if tools %}{{ turn('system', tools | tojson) }}{%- elif messages[0].role == 'system' %}
{{- turn('system', messages[0].content) }}
{%- endif %}
{%- set last = namespace(at=messages|length - 1, open=true) %}
{%- for message in messages[::-1] %}
  {%- set at = (messages|length - 1) - loop.index0 %}
  {%- if last.open and message.role == 'user' and message.content is string and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
    {%- set last.open = false %}{%- set last.at = at %}
  {%- endif %}
{%- endfor %}
{%- for message in messages %}
  {%- set content = message.content if message.content is string else '' %}
  {%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
    {{- turn(message.role, content) }}
  {%- elif message.role == 'assistant' %}
    {%- set thoughts = '' %}
    {%- if '</think>' in content %}
      {%- set thoughts = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
      {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {%- if loop.index0 > last.at and (loop.last or thoughts) %}
      {{- turn('assistant', '<think>\\n' + thoughts.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n')) }}
    {%- else %}{{- turn('assistant', content) }}{%- endif %}
  {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>assistant\\n' }}
  {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}
{%- endif %}""",
    # A header with the date, and a mode that the system message may set.
    "smollm3": IM + """{%- set mode = '/think' if enable_thinking is not defined or enable_thinking else '/no_think' -%}
{%- if messages[0].role == 'system' -%}
  {%- set own = messages[0].content -%}
  {%- if '/no_think' in own -%}{%- set mode = '/no_think' -%}{%- endif -%}
  {%- set own = own.replace('/no_think', '').replace('/think', '').rstrip() -%}
{%- endif -%}
{%- set today = strftime_now('%d %B %Y') -%}
{%- set header -%}
## Metadata
{{ '' }}
Today: {{ today }}
Mode: {{ mode }}
{%- endset -%}
{{ turn('system', header ~ '\\n\\n## Instructions\\n\\n' ~ (own if own is defined else 'You are a helper.')) }}
{%- for message in messages if message.role != 'system' -%}
  {%- if message.role == 'assistant' -%}
    {%- generation -%}{{ turn('assistant', message.content.lstrip('\\n')) }}{%- endgeneration -%}
  {%- else -%}{{ turn(message.role, message.content) }}{%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
  {{ '<|im_start|>assistant\\n' ~ ('' if mode == '/think' else '<think>\\n\\n</think>\\n') }}
{%- endif -%}""",
}

system = {"role": "system", "content": "Answer in one sentence. /no_think"}
user = {"role": "user", "content": " When does the first ferry leave?\n"}
reply = {"role": "assistant", "content": "<think>\nLook it up.\n</think>\n\nAt seven."}
again = {"role": "user", "content": "Et après ? 🚢"}
chats = [[user], [system, user], [user, reply], [system, user, reply, again]]


def fold(messages):
    """A system message begins the user's turn after it."""
    if messages[0]["role"] != "system":
        return messages
    first = messages[1]
    return [{"role": "user", "content": messages[0]["content"] + "\n\n" + first["content"]}, *messages[2:]]


golden = []
for family, template in families.items():
    folds = family in ("mistral-without-system", "gemma")
    renders = []
    for messages in chats:
        for prompt in (False, True):
            rendered, _ = render_jinja_template(
                conversations=[fold(messages) if folds else messages],
                chat_template=template,
                add_generation_prompt=prompt,
                bos_token="<s>",
                eos_token="</s>",
            )
            renders.append({"messages": messages, "prompt": prompt, "text": rendered[0]})
    golden.append({"family": family, "template": template, "renders": renders})
out = pathlib.Path(__file__).parent / "chat_families.json"
out.write_text(json.dumps({"today": "2026-01-31", "families": golden}, indent=1, ensure_ascii=False) + "\n")
