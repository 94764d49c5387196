import { floatsToHalves, halfToNumber } from "./half.ts";

/** Types that tensors are written in. Sources: ggml-common.h (block layouts) and ggml-quants.c (rounding), of ggml-org. */
export const writtenTypes = {
  F32: { number: 0, values: 1, bytes: 4, encode: (values: Float32Array) => bytesOf(values) },
  F16: { number: 1, values: 1, bytes: 2, encode: (values: Float32Array) => bytesOf(floatsToHalves(values)) },
  Q8_0: { number: 8, values: 32, bytes: 34, encode: encodeQ8_0 },
} as const;

export type WrittenType = keyof typeof writtenTypes;

/** Blocks of 32: a half scale, then signed bytes. A value is a multiple of the scale, which is a 127th of the largest. */
function encodeQ8_0(values: Float32Array): Uint8Array {
  const blocks = values.length / 32;
  const bytes = new Uint8Array(blocks * 34);
  const signed = new Int8Array(bytes.buffer);
  const scales = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    let largest = 0;
    for (let i = 0; i < 32; i++) largest = Math.max(largest, Math.abs(values[block * 32 + i]!));
    scales[block] = largest / 127;
  }
  const halves = floatsToHalves(scales);
  for (let block = 0; block < blocks; block++) {
    const at = block * 34;
    bytes[at] = halves[block]! & 255;
    bytes[at + 1] = halves[block]! >> 8;
    const scale = scales[block]!;
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    for (let i = 0; i < 32; i++)
      signed[at + 2 + i] = roundAway(Math.fround(values[block * 32 + i]! * inverse));
  }
  return bytes;
}

/** As C's roundf. */
const roundAway = (value: number): number => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

/** Whether a half can hold every value. */
export function fitsHalf(values: Float32Array): boolean {
  const largest = halfToNumber(0x7bff);
  return values.every((value) => Math.abs(value) <= largest);
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
