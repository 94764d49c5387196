import * as fc from "fast-check";
import { expect } from "vitest";
import { LoragError } from "../contracts/index.ts";
import { memorySource, type ByteSource } from "../platform/index.ts";
import type { WeightSource } from "./weight-source.ts";

/** Never asked for bytes beyond its end: what a damaged file says of itself is checked before it is used. */
function strictSource(bytes: Uint8Array): ByteSource {
  const source = memorySource(bytes);
  return {
    ...source,
    read(offset, length) {
      expect(offset + length).toBeLessThanOrEqual(bytes.length);
      return source.read(offset, length);
    },
  };
}

/** Opens a file and reads every tensor; returns the error's code, or undefined where all went well. */
export function readAll(open: (source: ByteSource) => WeightSource, bytes: Uint8Array): string | undefined {
  try {
    const file = open(strictSource(bytes));
    for (const name of file.names()) file.read(name);
    return undefined;
  } catch (error) {
    if (error instanceof LoragError) return error.code;
    throw error;
  }
}

/** Random damage to a valid file: it still reads, or fails with a typed error; nothing else may happen. */
export function checkMutations(open: (source: ByteSource) => WeightSource, valid: Uint8Array): void {
  const place = fc.nat({ max: Math.min(valid.length, 2_000) - 1 });
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), place, byte: fc.nat({ max: 255 }) }),
    fc.record({
      kind: fc.constant("cut" as const),
      place: fc.nat({ max: valid.length - 1 }),
      byte: fc.nat(),
    }),
    fc.record({ kind: fc.constant("insert" as const), place, byte: fc.nat({ max: 255 }) }),
    fc.record({ kind: fc.constant("wide" as const), place, byte: fc.nat({ max: 255 }) }),
  );
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      let bytes = Uint8Array.from(valid);
      for (const { kind, place, byte } of mutations) {
        if (kind === "set") bytes[place] = byte;
        else if (kind === "cut") bytes = bytes.slice(0, place);
        else if (kind === "insert")
          bytes = Uint8Array.of(...bytes.slice(0, place), byte, ...bytes.slice(place));
        else bytes.fill(byte, place, place + 8);
      }
      readAll(open, bytes);
    }),
    { seed: 20_240, numRuns: 1_000 },
  );
}

/** Every file cut short must be refused: nothing in it may be believed. */
export function checkTruncations(open: (source: ByteSource) => WeightSource, valid: Uint8Array): void {
  for (let i = 0; i < 250; i++) {
    const length = Math.floor((i / 250) * valid.length);
    expect(readAll(open, valid.subarray(0, length)), `cut to ${length}`).toMatch(/_CORRUPT$/);
  }
}
