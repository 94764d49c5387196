import { expect, test } from "vitest";
import { createChatTemplate } from "../../formats/index.ts";
import { ollamaTemplate } from "./ollama-template.ts";

const special = ["<|im_start|>", "<|im_end|>"];
const written = (source: string) => createChatTemplate(source, { special });

test("a template that writes each message between two texts is told in Go; another is not", () => {
  const plain =
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}{{ '<|im_start|>system\\nBe good<|im_end|>\\n' }}{% endif %}" +
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}" +
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
  expect(ollamaTemplate(written(plain))).toBe(
    [
      '{{- if not .System }}{{ "<|im_start|>system\\nBe good<|im_end|>\\n" }}{{ end }}',
      "{{- range .Messages }}",
      '{{- if eq .Role "system" }}{{ "<|im_start|>system\\n" }}{{ .Content }}{{ "<|im_end|>\\n" }}',
      '{{- else if eq .Role "user" }}{{ "<|im_start|>user\\n" }}{{ .Content }}{{ "<|im_end|>\\n" }}',
      '{{- else if eq .Role "assistant" }}{{ "<|im_start|>assistant\\n" }}{{ .Content }}{{ "<|im_end|>\\n" }}',
      "{{- end }}",
      '{{- end }}{{ "<|im_start|>assistant\\n" }}',
    ].join("\n"),
  );
  const numbered = "{% for message in messages %}{{ loop.index }}: {{ message['content'] }}\n{% endfor %}";
  expect(ollamaTemplate(written(numbered))).toBeUndefined();
});
