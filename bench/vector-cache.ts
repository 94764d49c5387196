import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Embedder } from "../src/contracts/index.ts";
import { createEmbedder } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { cacheFolder, sha256 } from "../src/platform/index.ts";

/**
 * The embedder that the product uses by default, with what it has embedded kept in the cache folder, so that benches
 * over the same texts need not wait for it again.
 */
export async function openCachedEmbedder(): Promise<Embedder> {
  const model = await resolveModel("sentence-transformers/all-MiniLM-L6-v2");
  const embedder = await createEmbedder({ model });
  const folder = join(cacheFolder(), "bench");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `vectors-${sha256(embedder.identity).slice(0, 16)}.jsonl`);
  const known = readVectors(file);
  return {
    ...embedder,
    embed: async (texts) => {
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      const made = missing.length > 0 ? await embedder.embed(missing) : [];
      for (const [index, text] of missing.entries()) {
        known.set(text, made[index]!);
        const bytes = Buffer.from(new Uint8Array(made[index]!.slice().buffer));
        appendFileSync(file, `${JSON.stringify([text, bytes.toString("base64")])}\n`);
      }
      return texts.map((text) => known.get(text)!);
    },
  };
}

function readVectors(file: string): Map<string, Float32Array> {
  const known = new Map<string, Float32Array>();
  if (!existsSync(file)) return known;
  // A line that was cut off ends what can be read.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  for (const line of lines) {
    const [text, bytes] = JSON.parse(line) as [string, string];
    known.set(text, new Float32Array(new Uint8Array(Buffer.from(bytes, "base64")).buffer));
  }
  return known;
}
