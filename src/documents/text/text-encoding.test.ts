import { expect, test } from "vitest";
import { decodeText } from "./text-encoding.ts";

test("text encodings", () => {
  const text = "Grüße, naïve café: €5";
  expect(decodeText(Buffer.from(text))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le"))).toBe(text);
  expect(decodeText(Buffer.from(`\ufeff${text}`, "utf16le").swap16())).toBe(text);
  expect(decodeText(Buffer.from(text, "utf16le"))).toBe(text);
  const western = Buffer.from("Grüße, naïve café in many plain words", "latin1");
  expect(decodeText(western)).toBe("Grüße, naïve café in many plain words");
  for (const bytes of [
    Buffer.from("Привет, мир").map((byte) => byte ^ 0x55),
    Buffer.from([0xff, 0xfe, 0x00]),
  ]) {
    expect(() => decodeText(bytes)).toThrow();
  }
});
