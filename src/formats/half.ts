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
