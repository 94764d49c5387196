import type { Random } from "./random.ts";

/**
 * A random stream named by numbers, for example `randomStream(seed, epoch)`. The same names give the same stream, so a
 * resumed job needs no generator state, only where it was. sfc32 (Chris Doty-Humphrey, PractRand), its state filled by
 * the finaliser of MurmurHash3.
 */
export function randomStream(...names: number[]): Random {
  let hash = 0x9e3779b9;
  const state = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    for (const name of names) {
      hash = mix(hash ^ (name >>> 0));
      hash = mix(hash ^ (Math.floor(name / 2 ** 32) >>> 0));
    }
    hash = mix(hash + 0x9e3779b9);
    state[word] = hash;
  }
  let [a, b, c, counter] = state as unknown as [number, number, number, number];
  const next: Random = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
