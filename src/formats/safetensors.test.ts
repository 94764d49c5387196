import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource } from "../platform/index.ts";
import { checkMutations, checkTruncations, readAll } from "./corrupt.case.ts";
import { readSafetensors, safetensorsPieces, writeSafetensors } from "./safetensors.ts";

const golden = new URL("../../test/golden/", import.meta.url);
const bytes = new Uint8Array(readFileSync(new URL("tiny.safetensors", golden)));
const hashes = JSON.parse(readFileSync(new URL("weights.json", golden), "utf8")).safetensors as object;

test("f32, f16 and bf16 read as the reference reader does", () => {
  const file = readSafetensors(memorySource(bytes));
  const found = Object.fromEntries(
    Object.keys(hashes).map((name) => [
      name,
      createHash("sha256")
        .update(new Uint8Array(file.read(name).buffer))
        .digest("hex"),
    ]),
  );
  expect(found).toEqual(hashes);
  expect([file.shape("f16"), file.shape("scalar"), file.shape("empty")]).toEqual([[3, 5], [], [0, 4]]);
  expect(file.metadata.get("note")).toBe("é");
  expect(() => file.read("ids")).toThrow(expect.objectContaining({ code: "LORAG_TENSOR_TYPE" }));
  expect(() => file.read("nothing")).toThrow(expect.objectContaining({ code: "LORAG_TENSOR_MISSING" }));
});

test("what is written reads back, bit for bit", () => {
  const tensor = fc
    .array(fc.nat({ max: 4 }), { maxLength: 3 })
    .chain((shape) =>
      fc
        .float32Array({ minLength: size(shape), maxLength: size(shape) })
        .map((data) => ({ shape, data: new Float32Array(data) })),
    );
  // A JSON object cannot hold __proto__ safely, and __metadata__ is the format's own.
  const name = fc.string({ minLength: 1, unit: "binary" }).filter((text) => !text.startsWith("__"));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, tensor), { selector: ([name]) => name }), (pairs) => {
      const file = readSafetensors(memorySource(writeSafetensors(new Map(pairs))));
      expect(file.names().sort()).toEqual(pairs.map(([name]) => name).sort());
      for (const [name, { shape, data }] of pairs) {
        expect(file.shape(name)).toEqual(shape);
        expect(new Uint8Array(file.read(name).buffer)).toEqual(new Uint8Array(data.buffer));
      }
    }),
  );
});

const size = (shape: readonly number[]): number =>
  shape.reduce((product, dimension) => product * dimension, 1);

test("a big tensor comes in pieces of 64 MiB: Node hashes none of 2 GiB", () => {
  const data = new Float32Array(2 ** 24 + 5);
  data.set([1, 2, 3, 4, 5], 2 ** 24);
  const pieces = [...safetensorsPieces([{ name: "a", shape: [data.length], read: () => data }])].slice(1);
  expect(pieces.map(({ byteLength }) => byteLength)).toEqual([2 ** 26, 20]);
  expect(new Float32Array(pieces[1]!.slice().buffer)).toEqual(Float32Array.of(1, 2, 3, 4, 5));
});

test("a cut file is refused", () => checkTruncations(readSafetensors, bytes));
test("a damaged file reads or fails with a typed error", () => checkMutations(readSafetensors, bytes));

function handmade(header: unknown, data = 16, length?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = new Uint8Array(BigUint64Array.of(length ?? BigInt(json.length)).buffer);
  return Uint8Array.of(...prefix, ...json, ...new Uint8Array(data));
}
const entry = { dtype: "F32", shape: [4], data_offsets: [0, 16] };

test("a handmade file reads", () => expect(readAll(readSafetensors, handmade({ t: entry }))).toBeUndefined());

test.each<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["a header of 2^63 bytes", handmade({ t: entry }, 16, 2n ** 63n)],
  ["a header of 200 MB", handmade({ t: entry }, 16, 200_000_000n)],
  ["a header past the end", handmade({ t: entry }, 16, 4_000n)],
  ["a header that is a list", handmade([entry])],
  ["a header that is no JSON", handmade("{nonsense")],
  ["a header with a byte before it", handmade(` ${JSON.stringify({ t: entry })}`)],
  ["text that is not UTF-8", handmade("{").fill(0xff, 9)],
  [
    "a shape nested too deep to show",
    handmade(`{"t":{"dtype":"F32","shape":${"[".repeat(50_000)}${"]".repeat(50_000)},"data_offsets":[0,0]}}`),
  ],
  ["deep nesting", handmade(`{"t":${"[".repeat(100_000)}`)],
  ["an unknown dtype", handmade({ t: { ...entry, dtype: "F31" } })],
  ["no dtype", handmade({ t: { shape: [4], data_offsets: [0, 16] } })],
  ["a negative dimension", handmade({ t: { ...entry, shape: [-4] } })],
  ["a fractional dimension", handmade({ t: { ...entry, shape: [0.5, 8] } })],
  ["nine dimensions", handmade({ t: { ...entry, shape: [4, 1, 1, 1, 1, 1, 1, 1, 1] } })],
  ["a shape whose product overflows", handmade({ t: { ...entry, shape: [2 ** 50, 2 ** 50] } })],
  ["a shape that does not fit its bytes", handmade({ t: { ...entry, shape: [5] } })],
  ["offsets out of order", handmade({ t: { ...entry, data_offsets: [16, 0] } })],
  ["one offset", handmade({ t: { ...entry, data_offsets: [0] } })],
  ["a tensor past the end", handmade({ t: entry }, 12)],
  ["bytes after the last tensor", handmade({ t: entry }, 20)],
  ["a gap", handmade({ t: { ...entry, data_offsets: [4, 20] } }, 20)],
  ["tensors that overlap", handmade({ t: entry, u: entry })],
  ["metadata that is no text", handmade({ __metadata__: { a: 1 }, t: entry })],
  ["metadata that is a list", handmade({ __metadata__: [], t: entry })],
  ["a prototype as a tensor", handmade(`{"__proto__":{"polluted":1}}`, 0)],
])("refuses %s", (_, file) => {
  expect(readAll(readSafetensors, file)).toBe("LORAG_SAFETENSORS_CORRUPT");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
