/** Distances from this on share the last step. */
const farthest = 128;

/**
 * The step of each distance from -(positions - 1) to positions - 1, of a key's place less its query's: half of the steps for
 * each side, near distances one each, far ones as their logarithm (https://arxiv.org/abs/1910.10683).
 */
export function distanceBuckets(positions: number, count: number): number[] {
  const half = count / 2;
  const exact = half / 2;
  return Array.from({ length: 2 * positions - 1 }, (_, i) => {
    const distance = i - (positions - 1);
    const side = distance > 0 ? half : 0;
    const far = Math.abs(distance);
    if (far < exact) return side + far;
    // In float32, as the reference: a distance on a step's edge falls to the same side.
    const share = Math.fround(Math.fround(Math.log(far / exact)) / Math.fround(Math.log(farthest / exact)));
    return side + Math.min(half - 1, exact + Math.floor(Math.fround(share * (half - exact))));
  });
}
