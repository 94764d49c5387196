import type { Embedder } from "../contracts/index.ts";
import { sha256 } from "../platform/index.ts";

/** A stand-in for a model in tests: each word adds a pseudo-random direction, so texts that share words are near. */
export function hashEmbedder(dimensions = 32): Embedder & { embedded: string[] } {
  const embedded: string[] = [];
  return {
    identity: `hash-${dimensions}`,
    dimensions,
    embedded,
    embed: async (texts) => {
      embedded.push(...texts);
      return texts.map((text) => hashVector(text, dimensions));
    },
    close: async () => {},
  };
}

export function hashVector(text: string, dimensions = 32): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["-"]) {
    const digest = Buffer.from(sha256(word), "hex");
    for (let index = 0; index < dimensions; index++) vector[index]! += digest[index % 32]! - 127.5;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
