import { expect, test } from "vitest";
import type { Example, Message } from "../../contracts/index.ts";
import { encodeExamples, type EncodeOptions } from "./encode.ts";

/** A character is a token; `$` ends a turn. */
const options: EncodeOptions = {
  render: (messages: Message[], generationPrompt) =>
    messages.map(({ role, content }) => `${role[0]}:${content}$\n`).join("") + (generationPrompt ? "a:" : ""),
  tokenize: (text) => [...text].map((character) => character.codePointAt(0)!),
  endToken: "$".codePointAt(0)!,
};
const ask = (id: string, question: string, completion: string): Example => ({
  id,
  prompt: [{ role: "user", content: question }],
  completion,
});
const text = (ids: Int32Array) => String.fromCodePoint(...ids);

test("the targets are the completion and its end token, not what the template writes after it", () => {
  const { examples } = encodeExamples([ask("a", "where?", "here")], options, 20);
  const { ids, completionStart } = examples[0]!;
  expect(text(ids)).toBe("u:where?$\na:here$");
  expect(text(ids.slice(completionStart))).toBe("here$");
});

test("earlier turns are prompt, their answers are not scored", () => {
  const example: Example = {
    id: "m",
    prompt: [
      { role: "user", content: "1" },
      { role: "assistant", content: "2" },
      { role: "user", content: "3" },
    ],
    completion: "4",
  };
  const [one] = encodeExamples([example], options, 20).examples;
  expect(text(one!.ids.slice(one!.completionStart))).toBe("4$");
});

test("examples over sequence_len are left out and named; if all are, it is an error", () => {
  const long = ask("long", "a question of some length", "x");
  const encoded = encodeExamples([ask("a", "q", "x"), long], options, 20);
  expect(encoded).toMatchObject({ tooLong: ["long"], longest: 33 });
  expect(() => encodeExamples([long], options, 20)).toThrow(/sequence_len 20: the shortest has 33 tokens/);
});

test("a template that rewrites the prompt, or swallows the completion, is refused", () => {
  const rewriting: EncodeOptions = {
    ...options,
    render: (messages, generationPrompt) =>
      `${messages.length} ${options.render(messages, generationPrompt)}`,
  };
  expect(() => encodeExamples([ask("a", "q", "x")], rewriting, 20)).toThrow(/prompt of a differently/);
  const swallowing: EncodeOptions = {
    ...options,
    render: (messages) => options.render(messages.slice(0, 1), true),
  };
  expect(() => encodeExamples([ask("a", "q", "x")], swallowing, 20)).toThrow(/Nothing of example a is left/);
});
