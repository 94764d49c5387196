import { expect, test } from "vitest";
import { crc32c, tensorBoardEvent, tensorBoardHead } from "./tensor-board.ts";

test("the checksum is Castagnoli's: the figures of RFC 3720, B.4", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

test("a record says its length, and a step beyond a byte keeps its value", () => {
  const bytes = tensorBoardEvent(1, 300, { a: 0.5 });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  expect(Number(view.getBigUint64(0, true))).toBe(bytes.length - 16);
  // Field 2, a whole number: 300 as 0xac 0x02.
  expect([...bytes.subarray(21, 24)]).toEqual([0x10, 0xac, 0x02]);
  expect(Buffer.from(tensorBoardHead(1)).toString("latin1")).toContain("brain.Event:2");
});
