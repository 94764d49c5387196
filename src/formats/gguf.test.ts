import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memorySource } from "../platform/index.ts";
import { checkMutations, checkTruncations, readAll } from "./corrupt.case.ts";
import { handmade, tensor, text, tinyLlamaGguf, uint32, uint64 } from "./gguf.case.ts";
import { ggufTokenizer } from "./gguf-tokenizer.ts";
import { readGguf } from "./gguf.ts";

const golden = new URL("../../test/golden/", import.meta.url);
const bytes = new Uint8Array(readFileSync(new URL("tiny.gguf", golden)));
const hashes = JSON.parse(readFileSync(new URL("weights.json", golden), "utf8")).gguf as Record<
  string,
  string
>;
const sha256 = (values: Float32Array): string =>
  createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");

test("every block type dequantises to the reference reader's bits", () => {
  const file = readGguf(memorySource(bytes));
  const found = Object.fromEntries(file.names().map((name) => [name, sha256(file.read(name))]));
  expect(found).toEqual(hashes);
});

test("metadata keep their types", () => {
  const { metadata } = readGguf(memorySource(bytes));
  expect(metadata.get("llama.embedding_length")).toBe(256);
  expect(metadata.get("test.ints")).toEqual([1, -2, 3]);
  expect(metadata.get("test.flag")).toBe(true);
  expect(metadata.get("test.big")).toBe(2n ** 60n + 1n);
  expect(metadata.get("tokenizer.ggml.tokens")).toContain("é");
});

test("a cut file is refused", () => checkTruncations(readGguf, bytes));
test("a damaged file reads or fails with a typed error", () => checkMutations(readGguf, bytes));

const pad = new Array<number>(256).fill(0);

test.each<[string, Uint8Array]>([
  ["a big-endian or future version", handmade({ version: 0x03000000 })],
  ["2^64-1 tensors", handmade({ tensors: 2n ** 64n - 1n })],
  ["a million tensors", handmade({ tensors: 1_000_000n })],
  ["2^63 keys", handmade({ keys: 2n ** 63n })],
  ["a key longer than the file", handmade({ keys: 1n, key: uint64(60_000n) })],
  ["an empty key", handmade({ keys: 1n, key: [...text(""), ...uint32(0), 1] })],
  [
    "the same key twice",
    handmade({ keys: 2n, key: [...text("a"), ...uint32(0), 1, ...text("a"), ...uint32(0), 1] }),
  ],
  ["a value of an unknown type", handmade({ keys: 1n, key: [...text("a"), ...uint32(13), ...pad] })],
  ["a boolean of 2", handmade({ keys: 1n, key: [...text("a"), ...uint32(7), 2] })],
  ["an array of arrays", handmade({ keys: 1n, key: [...text("a"), ...uint32(9), ...uint32(9), ...pad] })],
  [
    "an array of 2^62 bytes",
    handmade({ keys: 1n, key: [...text("a"), ...uint32(9), ...uint32(0), ...uint64(2n ** 62n)] }),
  ],
  [
    "an array of 2^22 strings in a short file",
    handmade({ keys: 1n, key: [...text("a"), ...uint32(9), ...uint32(8), ...uint64(2n ** 22n), ...pad] }),
  ],
  [
    "text that is not UTF-8",
    handmade({ keys: 1n, key: [...text("a"), ...uint32(8), ...uint64(2n), 0xc3, 0x28] }),
  ],
  [
    "an alignment of 3",
    handmade({ keys: 1n, key: [...text("general.alignment"), ...uint32(4), ...uint32(3)], table: pad }),
  ],
  [
    "five dimensions",
    handmade({ tensors: 1n, table: [...tensor("t", [1n, 1n, 1n, 1n, 1n], 0, 0n), ...pad] }),
  ],
  [
    "a shape whose product overflows",
    handmade({ tensors: 1n, table: [...tensor("t", [2n ** 40n, 2n ** 40n], 0, 0n), ...pad] }),
  ],
  [
    "rows that are no whole number of blocks",
    handmade({ tensors: 1n, table: [...tensor("t", [33n], 2, 0n), ...pad] }),
  ],
  ["a tensor past the end", handmade({ tensors: 1n, table: [...tensor("t", [4096n], 0, 0n), ...pad] })],
  ["an offset that leaves a gap", handmade({ tensors: 1n, table: [...tensor("t", [8n], 0, 32n), ...pad] })],
  [
    "tensors that overlap",
    handmade({ tensors: 2n, table: [...tensor("t", [8n], 0, 0n), ...tensor("u", [8n], 0, 0n), ...pad] }),
  ],
  [
    "two tensors of one name",
    handmade({ tensors: 2n, table: [...tensor("t", [8n], 0, 0n), ...tensor("t", [8n], 0, 32n), ...pad] }),
  ],
  [
    "a tensor name of 65 bytes",
    handmade({ tensors: 1n, table: [...tensor("n".repeat(65), [8n], 0, 0n), ...pad] }),
  ],
])("refuses %s", (_, file) => expect(readAll(readGguf, file)).toBe("LORAG_GGUF_CORRUPT"));

test("names the tensor of a type that is not read", () => {
  const file = handmade({ tensors: 1n, table: [...tensor("t", [256n], 10, 0n), ...pad] });
  expect(readAll(readGguf, file)).toBe("LORAG_TENSOR_TYPE");
});

test.each<[string, Parameters<typeof tinyLlamaGguf>[0]]>([
  ["a merge of one part", { "tokenizer.ggml.merges": ["ab"] }],
  ["a token without its kind", { "tokenizer.ggml.token_type": [3, 3, 1] }],
])("refuses a tokenizer with %s", (_, changed) => {
  expect(() => ggufTokenizer(readGguf(memorySource(tinyLlamaGguf(changed))))).toThrowError(
    expect.objectContaining({ code: "LORAG_GGUF_TOKENIZER" }),
  );
});
