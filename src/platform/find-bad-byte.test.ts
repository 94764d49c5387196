import { isUtf8 } from "node:buffer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findBadByte } from "./find-bad-byte.ts";

test.each([
  ["a byte of Latin-1", [0x61, 0x0a, 0x62, 0xe9, 0x20], { line: 2, offset: 3 }],
  [
    "a character cut off by the end of the line",
    [0x0a, 0x0a, 0xe2, 0x82, 0x0a, 0x61],
    { line: 3, offset: 2 },
  ],
  ["a character cut off by the end of the file", [0x61, 0xf0, 0x9f, 0x98], { line: 1, offset: 1 }],
  ["UTF-16 with its mark", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00], { line: 1, offset: 0 }],
])("finds %s", (_, bytes, place) => {
  expect(findBadByte(Uint8Array.from(bytes))).toEqual(place);
});

test("no more of any bytes is UTF-8 than what comes before", () => {
  const byte = fc.constantFrom(0x0a, 0x61, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xef, 0xf0, 0x9f, 0xf4, 0xff);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 12 }), (random, likely) => {
      const bytes = Uint8Array.from([...likely, ...random]);
      fc.pre(!isUtf8(bytes));
      const { line, offset } = findBadByte(bytes);
      const lengths = Array.from(bytes, (_, length) => length).filter((length) =>
        isUtf8(bytes.subarray(0, length)),
      );
      expect(offset).toBe(lengths.at(-1));
      expect(line).toBe(bytes.subarray(0, offset).filter((value) => value === 0x0a).length + 1);
    }),
  );
});
