import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Embedder } from "../src/contracts/index.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
/** Vectors made between two writes: what an interruption can cost. */
const batch = 256;

/**
 * An embedder that keeps its vectors on disk, as benches of retrieval embed the same texts again and again. Records of
 * 32 bytes of SHA-256 of the text and the vector in f32, appended as they are made.
 */
export function cachedEmbedder(embedder: Embedder): Embedder {
  const folder = join(process.env["LORAG_BENCH_CACHE"] ?? join(homedir(), ".cache/lorag-bench"), "vectors");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${digest(embedder.identity).slice(0, 16)}.bin`);
  const size = 32 + 4 * embedder.dimensions;
  const known = new Map<string, Float32Array>();
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  for (let at = 0; at + size <= bytes.length; at += size) {
    const vector = new Float32Array(new Uint8Array(bytes.subarray(at + 32, at + size)).buffer);
    known.set(bytes.subarray(at, at + 32).toString("hex"), vector);
  }
  return {
    ...embedder,
    embed: async (texts) => {
      const keys = texts.map(digest);
      const missing = [...new Map(keys.map((key, index) => [key, texts[index]!]))].filter(
        ([key]) => !known.has(key),
      );
      for (let start = 0; start < missing.length; start += batch) {
        const part = missing.slice(start, start + batch);
        const vectors = await embedder.embed(part.map(([, text]) => text));
        for (const [index, [key]] of part.entries()) {
          known.set(key, vectors[index]!);
          appendFileSync(file, Buffer.concat([Buffer.from(key, "hex"), Buffer.from(vectors[index]!.buffer)]));
        }
        if (missing.length > 1000)
          process.stderr.write(`\rembedded ${start + part.length} of ${missing.length}`);
      }
      return keys.map((key) => known.get(key)!);
    },
  };
}
