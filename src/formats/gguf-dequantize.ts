import { halfTable, halvesToFloats } from "./half.ts";

/** Sources: ggml-common.h (block layouts) and gguf-py quants.py (their arithmetic), both of ggml-org. */
export interface BlockType {
  name: string;
  /** Values in one block. */
  values: number;
  /** Bytes of one block. */
  bytes: number;
  /** Decodes whole blocks; the number of values is that of `out`. */
  decode(bytes: Uint8Array<ArrayBuffer>, out: Float32Array): void;
}

/** By the numbers that GGUF files use (enum ggml_type). */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map<number, BlockType>([
  [0, { name: "F32", values: 1, bytes: 4, decode: (bytes, out) => out.set(new Float32Array(bytes.buffer)) }],
  [
    1,
    {
      name: "F16",
      values: 1,
      bytes: 2,
      decode: (bytes, out) => out.set(halvesToFloats(new Uint16Array(bytes.buffer))),
    },
  ],
  [2, { name: "Q4_0", values: 32, bytes: 18, decode: decodeQ4_0 }],
  [3, { name: "Q4_1", values: 32, bytes: 20, decode: decodeQ4_1 }],
  [8, { name: "Q8_0", values: 32, bytes: 34, decode: decodeQ8_0 }],
  [12, { name: "Q4_K", values: 256, bytes: 144, decode: decodeQ4_K }],
  [14, { name: "Q6_K", values: 256, bytes: 210, decode: decodeQ6_K }],
]);

function readHalf(bytes: Uint8Array, at: number): number {
  return halfTable()[bytes[at]! | (bytes[at + 1]! << 8)]!;
}

/** A half scale, then 32 nibbles less 8: low nibbles are the first 16 values. */
function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 18, o += 32) {
    const scale = readHalf(bytes, at);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 2 + i]!;
      out[o + i] = scale * ((pair & 15) - 8);
      out[o + 16 + i] = scale * ((pair >> 4) - 8);
    }
  }
}

/** A half scale and a half minimum, then 32 nibbles. */
function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 20, o += 32) {
    const scale = readHalf(bytes, at);
    const minimum = readHalf(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 4 + i]!;
      out[o + i] = scale * (pair & 15) + minimum;
      out[o + 16 + i] = scale * (pair >> 4) + minimum;
    }
  }
}

/** A half scale, then 32 signed bytes. */
function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 34, o += 32) {
    const scale = readHalf(bytes, at);
    for (let i = 0; i < 32; i++) out[o + i] = scale * ((bytes[at + 2 + i]! << 24) >> 24);
  }
}

/**
 * A half scale of scales, a half scale of minimums, eight 6-bit scales and eight 6-bit minimums in 12 bytes, then
 * 256 nibbles: each run of 32 bytes holds two sub-blocks of 32, low nibbles first.
 */
function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 144, o += 256) {
    const scaleOfScales = readHalf(bytes, at);
    const scaleOfMinimums = readHalf(bytes, at + 2);
    for (let block = 0; block < 8; block++) {
      const { scale, minimum } = unpackSixBits(bytes, at + 4, block);
      const step = scaleOfScales * scale;
      const base = Math.fround(scaleOfMinimums * minimum);
      const shift = block % 2 === 0 ? 0 : 4;
      const nibbles = at + 16 + (block >> 1) * 32;
      for (let i = 0; i < 32; i++) {
        out[o + block * 32 + i] = step * ((bytes[nibbles + i]! >> shift) & 15) - base;
      }
    }
  }
}

/** Blocks 0-3 have their six bits in one byte; blocks 4-7 have four bits apart and two in the others' spare bits. */
function unpackSixBits(bytes: Uint8Array, at: number, block: number): { scale: number; minimum: number } {
  if (block < 4) return { scale: bytes[at + block]! & 63, minimum: bytes[at + block + 4]! & 63 };
  const low = bytes[at + block + 4]!;
  return {
    scale: (low & 15) | ((bytes[at + block - 4]! >> 6) << 4),
    minimum: (low >> 4) | ((bytes[at + block]! >> 6) << 4),
  };
}

/** 128 bytes of low nibbles, 64 of upper bit pairs, 16 signed scales, a half scale; values are six bits less 32. */
function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 210, o += 256) {
    const scaleOfScales = readHalf(bytes, at + 208);
    for (let i = 0; i < 256; i++) {
      const half = i >> 7;
      const row = (i >> 5) & 3;
      const column = i & 31;
      const low = bytes[at + half * 64 + (row & 1) * 32 + column]! >> (row < 2 ? 0 : 4);
      const high = bytes[at + 128 + half * 32 + column]! >> (row * 2);
      const quantum = ((low & 15) | ((high & 3) << 4)) - 32;
      const scale = (bytes[at + 192 + (i >> 4)]! << 24) >> 24;
      out[o + i] = Math.fround(scaleOfScales * scale) * quantum;
    }
  }
}
