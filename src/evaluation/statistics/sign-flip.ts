import type { Random } from "../../random/index.ts";

/** Up to so many questions on which contenders differ, every way to flip the signs is counted: half a million. */
const mostEnumerated = 20;
const draws = 10_000;

/**
 * Fisher's sign-flip test of paired differences, two-sided (Fisher, 1935; Good, 2005): if two contenders are alike, each
 * difference is as likely to have the other sign. p is the share of all ways to choose the signs that give a sum at least as
 * far from 0: exact where they can be counted; else from 10,000 drawn ones, the observed one among them, so that it
 * is never 0.
 */
export function signFlip(differences: readonly number[], random: Random): number {
  const sizes = Float64Array.from(
    differences.filter((difference) => difference !== 0),
    Math.abs,
  );
  if (sizes.length === 0) return 1;
  const all = sizes.reduce((sum, size) => sum + size, 0);
  // Rounding must not decide whether a sum counts as "at least as far".
  const far = Math.abs(differences.reduce((sum, difference) => sum + difference, 0)) - 1e-9 * all;
  return sizes.length <= mostEnumerated ? countAll(sizes, all, far) : draw(sizes, all, far, random);
}

/** The first sign may stay as it is, by symmetry. The others change one at a time, in the order of Gray's code. */
function countAll(sizes: Float64Array, all: number, far: number): number {
  const ways = 2 ** (sizes.length - 1);
  const signs = new Float64Array(sizes.length).fill(1);
  let sum = all;
  let asFar = Math.abs(sum) >= far ? 1 : 0;
  for (let way = 1; way < ways; way++) {
    const place = 32 - Math.clz32(way & -way);
    signs[place] = -signs[place]!;
    sum += 2 * signs[place]! * sizes[place]!;
    if (Math.abs(sum) >= far) asFar++;
  }
  return asFar / ways;
}

/** Eight signs at a time: what each choice of eight adds is worked out once. */
function draw(sizes: Float64Array, all: number, far: number, random: Random): number {
  const tables = Array.from({ length: Math.ceil(sizes.length / 8) }, (_, eight) =>
    sumSubsets(sizes.subarray(eight * 8, eight * 8 + 8)),
  );
  let asFar = 0;
  for (let round = 0; round < draws; round++) {
    let flipped = 0;
    let bits = 0;
    for (let eight = 0; eight < tables.length; eight++) {
      bits = eight % 4 === 0 ? Math.floor(random() * 2 ** 32) : bits >>> 8;
      flipped += tables[eight]![bits & 255]!;
    }
    if (Math.abs(all - 2 * flipped) >= far) asFar++;
  }
  return (asFar + 1) / (draws + 1);
}

/** The sum of each subset of up to eight sizes, by the bits of its number; bits beyond the last size add nothing. */
function sumSubsets(sizes: Float64Array): Float64Array {
  return Float64Array.from({ length: 256 }, (_, subset) =>
    sizes.reduce((sum, size, place) => ((subset >> place) & 1 ? sum + size : sum), 0),
  );
}
