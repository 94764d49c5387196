import { expect, test } from "vitest";
import { createTextStream, createTokenizer, type Tokenizer } from "./tokenizer.ts";

const streamed = (tokenizer: Tokenizer, ids: readonly number[]): string => {
  const stream = createTextStream(tokenizer);
  return ids.map((id) => stream.push(id)).join("") + stream.end();
};

/** A tokenizer as of Llama 2: words carry their space, unknown characters become bytes. */
function sentencePiece(): Tokenizer {
  const tokens = ["<unk>", "</s>", "\u2581a", "\u2581ferry", "s", "<0xE2>", "<0x82>", "<0xAC>", "\u2581"];
  return createTokenizer({
    added_tokens: [{ id: 1, content: "</s>", special: true, normalized: false }],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "\u2581" },
        { type: "Replace", pattern: { String: " " }, content: "\u2581" },
      ],
    },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "\u2581" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  });
}

test("words whose space only the first of them loses keep it when they come one at a time", () => {
  const tokenizer = sentencePiece();
  expect(streamed(tokenizer, [2, 3, 4, 1, 8, 2])).toBe("a ferrys  a");
  expect(streamed(tokenizer, [1, 2, 5, 6, 7, 3])).toBe("a\u20AC ferry");
});

test("a long run that is no text comes out whole", () => {
  const tokenizer = sentencePiece();
  const ids = [2, ...new Array<number>(100).fill(5), 3];
  expect(streamed(tokenizer, ids)).toBe(tokenizer.decode(ids));
});

/** A byte-level tokenizer without a token for U+0014, which is written as \u0114. */
const bytes = (pre: object) => {
  const tokens = ["]", ":", "]:", "\u0120", "'", "l", "ll", "'ll", "\u0120'", "x"];
  return createTokenizer({
    pre_tokenizer: pre,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [
        ["]", ":"],
        ["l", "l"],
        ["'", "ll"],
        ["\u0120", "'"],
      ],
    },
  });
};

// The ids are those of Python's tokenizers 0.23.
test("what stands around a byte without a token merges, as in the reference", () => {
  const tokenizer = bytes({ type: "ByteLevel", add_prefix_space: false });
  expect(tokenizer.encode("]\u0014:")).toEqual([2]);
  expect(tokenizer.encode("\u0014")).toEqual([]);
});

test("a text with a space put before it is split by Unicode, too", () => {
  const tokenizer = bytes({ type: "ByteLevel", add_prefix_space: true });
  expect(tokenizer.encode("'ll")).toEqual([8, 6]);
  expect(tokenizer.encode(" 'll")).toEqual([8, 6]);
  expect(tokenizer.encode("x\n'll")).toEqual([3, 9, 7]);
  expect(tokenizer.encode("]\uFEFF:")).toEqual([3, 2]);
  expect(tokenizer.encode("x\u{1F600}x")).toEqual([3, 9, 9]);
});

test("words are told from marks by Unicode", () => {
  const tokenizer = createTokenizer({
    pre_tokenizer: { type: "Whitespace" },
    model: {
      type: "BPE",
      unk_token: "?",
      vocab: { "?": 0, "\u00e9": 1, "!": 2, "\u00e9!": 3, a: 4, "\u00e9a": 5 },
      merges: [
        ["\u00e9", "!"],
        ["\u00e9", "a"],
      ],
    },
  });
  expect(tokenizer.encode("\u00e9!\u0085\u00e9a")).toEqual([1, 2, 5]);
});
