import { expect, it } from "vitest";
import { z } from "zod";
import { seededRandom } from "../../random/index.ts";
import { jsonMask } from "./json-mask.ts";
import { likeliestAllowed, type Vocabulary } from "./token-mask.ts";

/** Characters, some pieces of several, as a model's tokens are, and an end. */
const pieces = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  ..."\n\té日🚢",
  '{"',
  '":',
  '", "',
  "},",
  "12",
  "0.5",
  "true",
  "null",
  "\n  ",
  '"a"',
  "\uFFFD",
];
const end = pieces.length;
const vocabulary: Vocabulary = {
  size: pieces.length + 1,
  endIds: new Set([end]),
  textOf: (token) => pieces[token] ?? "",
  encode: () => [],
};

/** Writes what chance says among what is allowed; ends as soon as it may after 60 tokens, and closes what is open. */
function write(schema: unknown, seed: number): string {
  const random = seededRandom(seed);
  const mask = jsonMask(schema, vocabulary);
  const closing = ['"', "}", "]", "0", ":", "1", "a", "null"].map((text) => pieces.indexOf(text));
  let text = "";
  for (let count = 0; count < 400; count++) {
    const scores = Float32Array.from({ length: vocabulary.size }, () => random());
    if (count > 60) closing.forEach((token, rank) => (scores[token] = 3 - rank / 10));
    if (count > 60) scores[end] = 4;
    const token = likeliestAllowed(scores, mask);
    expect(token, `a dead end after ${text}`).toBeGreaterThanOrEqual(0);
    if (token === end) return text;
    mask.accept(token);
    text += pieces[token]!;
  }
  throw new Error(`no end: ${text}`);
}

const schemas: Record<string, unknown> = {
  anything: {},
  "an object": {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 5 },
      age: { type: "integer", minimum: 3, maximum: 120 },
      tags: { type: "array", items: { enum: ["a", "abc", 'x"y'] }, minItems: 1, maxItems: 3 },
      note: { type: ["string", "null"] },
    },
    required: ["name", "age", "tags"],
    additionalProperties: false,
  },
  "a choice": { anyOf: [{ type: "boolean" }, { const: "fixed" }, { type: "string", minLength: 2 }] },
  "a number in a range": { type: "number", minimum: -0.5, maximum: 12.25 },
  "a negative integer": { type: "integer", maximum: -12, exclusiveMinimum: -1200 },
  "an integer": { type: "integer" },
  "a map": { type: "object", additionalProperties: { type: "integer", minimum: 0 } },
  "a tree": {
    $defs: {
      node: {
        type: "object",
        properties: { left: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] }, v: { type: "number" } },
        required: ["left", "v"],
        additionalProperties: false,
      },
    },
    $ref: "#/$defs/node",
  },
  "a list of itself": { type: "array", items: { $ref: "#" } },
};

it.each(Object.entries(schemas))("allows nothing but %s", (_, schema) => {
  const checked = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const text = write(schema, seed);
    expect(checked.safeParse(JSON.parse(text)).success, text).toBe(true);
    seen.add(text);
  }
  expect(seen.size).toBeGreaterThan(_ === "a choice" ? 3 : 15);
});

/** Whether the mask lets a text through, a character at a time, and lets it end there. */
function takes(schema: unknown, text: string): boolean {
  const characters: Vocabulary = {
    size: 0x10000,
    endIds: new Set([0]),
    textOf: (token) => String.fromCharCode(token),
    encode: () => [],
  };
  const mask = jsonMask(schema, characters);
  for (let i = 0; i < text.length; i++) {
    if (!mask.allows(text.charCodeAt(i))) return false;
    mask.accept(text.charCodeAt(i));
  }
  return mask.allows(0);
}

it.each<[unknown, unknown]>([
  [schemas["an object"], { name: "Zoë", age: 7, tags: ["abc", 'x"y'] }],
  [schemas["an object"], { name: "", age: 120, tags: ["a"], note: null }],
  [schemas["a tree"], { left: { left: null, v: -1e-9 }, v: 12 }],
  [schemas["anything"], [{ a: 'quo"te\\ \u0001 \n' }, -0.5, 1e21, [], {}, "🚢"]],
  [schemas["a number in a range"], 12.25],
  [schemas["a negative integer"], -1199],
])("takes what is valid, on one line or several: %#", (schema, value) => {
  expect(takes(schema, JSON.stringify(value))).toBe(true);
  expect(takes(schema, JSON.stringify(value, null, 2))).toBe(true);
});

it.each<[unknown, string]>([
  [schemas["an object"], '{"name":"abcdef","age":7,"tags":["a"]}'],
  [schemas["an object"], '{"name":"a","age":2,"tags":["a"]}'],
  [schemas["an object"], '{"name":"a","age":121,"tags":["a"]}'],
  [schemas["an object"], '{"name":"a","age":7,"tags":[]}'],
  [schemas["an object"], '{"name":"a","age":7,"tags":["a"],"more":1}'],
  [schemas["a negative integer"], "-1200"],
  [schemas["a negative integer"], "-3"],
  [schemas["an integer"], "01"],
  [schemas["anything"], "[1,]"],
  [schemas["anything"], '"\n"'],
  [schemas["anything"], ""],
])("refuses what is not valid: %#", (schema, text) => {
  expect(takes(schema, text)).toBe(false);
});

it.each([
  [{ type: "string", pattern: "^a" }, "keyword pattern"],
  [{ type: "text" }, "type"],
  [{ $ref: "#/$defs/none" }, "points to nothing"],
  [{ $ref: "https://example.com/schema" }, "somewhere else"],
  [{ $ref: "#" }, "itself"],
  [{ enum: [] }, "empty"],
  [{ type: "integer", minimum: 3, maximum: 2 }, "minimum above"],
  [{ type: "object", properties: {}, required: ["a"] }, "not among its properties"],
  ["object", "no schema"],
])("says what is wrong with a schema: %#", (schema, message) => {
  expect(() => jsonMask(schema, vocabulary)).toThrow(
    expect.objectContaining({ code: "LORAG_SCHEMA", message: expect.stringContaining(message) as string }),
  );
});
