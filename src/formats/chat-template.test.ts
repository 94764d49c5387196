import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Message } from "../contracts/index.ts";
import { createChatTemplate, foldSystem } from "./chat-template.ts";
import { formatDate } from "./format-date.ts";

const system: Message = { role: "system", content: "Answer briefly." };
const user: Message = { role: "user", content: "When?" };
const tokens = { bos: "<s>", eos: "</s>", special: ["<s>", "</s>"] };
const turns = "{{ '[' + m['role'] + ']' + m['content'] }}";

test.each([
  [
    "refuses",
    `{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}${turns}{% endfor %}`,
  ],
  [
    "wants turns to alternate",
    `{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate') }}{% endif %}${turns}{% endfor %}`,
  ],
  ["leaves out", `{% for m in messages %}{% if m['role'] != 'system' %}${turns}{% endif %}{% endfor %}`],
])("a system message goes into the user's turn where the template %s it", (_, source) => {
  const template = createChatTemplate(source, tokens);
  expect(template.render([system, user], { prompt: true })).toBe("[user]Answer briefly.\n\nWhen?");
  const reply: Message = { role: "assistant", content: "At seven." };
  expect(template.render([system, user, reply, user], { prompt: true })).toBe(
    "[user]Answer briefly.\n\nWhen?[assistant]At seven.[user]When?",
  );
});

test("a template that knows the system role is given it", () => {
  const template = createChatTemplate(`{% for m in messages %}${turns}{% endfor %}`, tokens);
  expect(template.render([system, user], { prompt: true })).toBe("[system]Answer briefly.[user]When?");
});

test("no system message is lost", () => {
  const late: Message = { role: "system", content: "And kindly." };
  expect(foldSystem([user, late])).toEqual([{ role: "user", content: "When?\n\nAnd kindly." }]);
  expect(foldSystem([system, late, user])).toEqual([
    { role: "user", content: "Answer briefly.\n\nAnd kindly.\n\nWhen?" },
  ]);
  expect(foldSystem([system])).toEqual([{ role: "user", content: "Answer briefly." }]);
});

test("what a template cannot render at all is told", () => {
  const template = createChatTemplate("{{ raise_exception('never') }}", tokens);
  expect(() => template.render([user], { prompt: true })).toThrow(
    expect.objectContaining({ code: "LORAG_CHAT_TEMPLATE" }),
  );
});

test("a template prints the date that it is given", () => {
  const source = "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% endif %}";
  const onDay = (today?: string) =>
    createChatTemplate(source, tokens, today).render([user], { prompt: true });
  expect(onDay("2024-02-09")).toBe("09 Feb 2024");
  expect(onDay()).toMatch(/^\d\d [A-Z][a-z]{2} 20\d\d$/);
});

const golden = JSON.parse(
  readFileSync(new URL("../../test/golden/chat_families.json", import.meta.url), "utf8"),
) as {
  today: string;
  families: {
    family: string;
    template: string;
    renders: { messages: Message[]; prompt: boolean; text: string }[];
  }[];
};

test.each(golden.families)("chats of the $family shape render as transformers renders them", (shape) => {
  const template = createChatTemplate(shape.template, tokens, golden.today);
  for (const { messages, prompt, text } of shape.renders)
    expect(template.render(messages, { prompt })).toBe(text);
});

// As Python 3.11 writes them.
test.each([
  ["%d %b %Y", "09 Feb 2024"],
  ["%A, %B %-d, %y", "Friday, February 9, 24"],
  ["%Y-%m-%d %H:%M:%S", "2024-02-09 00:00:00"],
  ["%a %e %j %I%p 100%% %Q", "Fri  9 040 12AM 100% %Q"],
])("dates by Python's codes: %s", (format, written) => {
  expect(formatDate(new Date("2024-02-09T00:00:00Z"), format)).toBe(written);
});
