import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource } from "../platform/index.ts";
import type { WrittenType } from "./gguf-quantize.ts";
import { ggufValue, writeGguf, type GgufTensor } from "./gguf-writer.ts";
import { readGguf } from "./gguf.ts";
import { floatsToHalves, halfToNumber, halvesToFloats } from "./half.ts";

const bytesOf = (pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([...pieces]));

test("every half comes back from the float that it stands for", () => {
  const all = Uint16Array.from({ length: 0x7c01 }, (_, bits) => bits);
  expect(floatsToHalves(halvesToFloats(all))).toEqual(all);
  const negative = all.map((bits) => bits | 0x8000);
  expect(floatsToHalves(halvesToFloats(negative))).toEqual(negative);
});

test("a float becomes the nearest half, the even one of two", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -70_000, max: 70_000 }), (value) => {
      const bits = floatsToHalves(Float32Array.of(value))[0]!;
      const found = halfToNumber(bits);
      if (Math.abs(value) >= 65_520) {
        expect(Math.abs(found)).toBe(Infinity);
        return;
      }
      for (const other of [bits - 1, bits + 1]) {
        const beside = halfToNumber(other & 0xffff);
        if (!Number.isFinite(beside)) continue;
        expect(Math.abs(found - value)).toBeLessThanOrEqual(Math.abs(beside - value));
        if (Math.abs(found - value) === Math.abs(beside - value) && beside !== found)
          expect(bits % 2).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
  expect(halfToNumber(floatsToHalves(Float32Array.of(NaN))[0]!)).toBeNaN();
});

test("a written file reads back: metadata with its types, tensors within what their type can hold", () => {
  const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
  const tensor = fc.record({
    rows: fc.integer({ min: 1, max: 3 }),
    type: fc.constantFrom<WrittenType>("F32", "F16", "Q8_0"),
    values: fc.array(number, { minLength: 192, maxLength: 192 }),
  });
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 4 }), fc.string(), number, (given, text, real) => {
      const metadata = new Map([
        ["general.architecture", ggufValue.string("llama")],
        ["a.text", ggufValue.string(text)],
        ["a.real", ggufValue.float32(real)],
        ["a.whole", ggufValue.uint32(7)],
        ["a.list", ggufValue.strings([text, "b"])],
        ["a.flags", ggufValue.booleans([true, false])],
        ["a.ids", ggufValue.int32s([1, -2])],
      ]);
      const tensors = given.map(({ rows, type, values }, index): GgufTensor => ({
        name: `t${index}`,
        shape: [rows, 64],
        type,
        read: () => Float32Array.from(values.slice(0, rows * 64)),
      }));
      const file = readGguf(memorySource(bytesOf(writeGguf(metadata, tensors))));
      expect(file.metadata.get("a.text")).toBe(text);
      expect(file.metadata.get("a.real")).toBe(Math.fround(real));
      expect(file.metadata.get("a.list")).toEqual([text, "b"]);
      expect(file.metadata.get("a.flags")).toEqual([true, false]);
      expect(file.metadata.get("a.ids")).toEqual([1, -2]);
      for (const { name, shape, type, read } of tensors) {
        expect(file.shape(name)).toEqual(shape);
        const [wanted, found] = [read(), file.read(name)];
        for (let block = 0; block < wanted.length; block += 32) {
          const part = wanted.subarray(block, block + 32);
          const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          // Half a step, and what the scale loses as a half.
          const allowed =
            type === "F32" ? 0 : type === "F16" ? largest * 2 ** -11 + 2 ** -25 : largest / 200 + 2 ** -17;
          part.forEach((value, i) =>
            expect(Math.abs(found[block + i]! - value)).toBeLessThanOrEqual(allowed),
          );
        }
      }
      const copied = bytesOf(writeGguf(file.encodedMetadata(), []));
      expect(readGguf(memorySource(copied)).metadata).toEqual(file.metadata);
    }),
    { numRuns: 60 },
  );
});
