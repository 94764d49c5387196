/** Halves to singles by table: 65,536 possible bit patterns, 256 KiB, made on first use. */
let table: Float32Array<ArrayBuffer> | undefined;

/** IEEE 754 binary16 bits to the number they stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function halfTable(): Float32Array<ArrayBuffer> {
  return (table ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToNumber(bits)));
}

/** f16 bit patterns to f32. */
export function halvesToFloats(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const lookup = halfTable();
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = lookup[halves[i]!]!;
  return floats;
}

/** bf16 bit patterns to f32: the upper half of the f32 pattern. */
export function bfloatsToFloats(bfloats: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(bfloats.length);
  for (let i = 0; i < bfloats.length; i++) bits[i] = bfloats[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** f32 to f16 bit patterns, to the nearest, ties to even; what is beyond the largest half becomes infinite. */
export function floatsToHalves(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const halves = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const word = bits[i]!;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) halves[i] = sign | 0x7e00;
    // From half a step above the largest half on.
    else if (magnitude >= 0x477ff000) halves[i] = sign | 0x7c00;
    // Below the smallest normal half, in steps of 2^-24.
    else if (magnitude < 0x38800000) halves[i] = sign | roundToEven(Math.abs(floats[i]!) * 2 ** 24);
    else halves[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  return halves;
}

export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
