import { basename, join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { listFolder, openFile, sha256, statPath } from "../../platform/index.ts";
import type { CachedModel } from "./model-cache.ts";

/** A model in a folder or a single GGUF file that the user made or fetched; undefined where there is no such path. */
export async function findLocalModel(path: string): Promise<CachedModel | undefined> {
  const found = await statPath(path);
  if (!found) return undefined;
  const isFile = !found.isFolder;
  const folder = isFile ? join(path, "..") : path;
  const files = isFile ? [basename(path)] : (await listFolder(path)).filter((name) => !name.startsWith("."));
  if (!files.some((name) => /\.(gguf|safetensors)$/.test(name))) throw noWeights(path, files);
  const facts: string[] = [];
  // With one safetensors file goes what lies around it: the configuration and the tokenizer.
  const around = isFile && path.endsWith(".safetensors") ? await listFolder(folder) : [];
  for (const name of [...files, ...around.filter((name) => /\.(json|txt|jinja)$/.test(name))]) {
    const stat = await statPath(join(folder, name));
    if (stat?.isFile)
      facts.push(`${name} ${stat.size} ${stat.modifiedMs} ${hashSamples(join(folder, name))}`);
  }
  return { folder, files, fingerprint: sha256(facts.join("\n")) };
}

const sampleCount = 32;
const sampleBytes = 2 ** 16;

/**
 * Hashing gigabytes at each start would be slow, and size and time are the same for other weights where an archive sets
 * all times to one. Samples from all over the file tell weights that were trained apart.
 */
function hashSamples(path: string): string {
  const file = openFile(path);
  try {
    const length = Math.min(sampleBytes, file.size);
    const step = (file.size - length) / (sampleCount - 1);
    const offsets = new Set(Array.from({ length: sampleCount }, (_, index) => Math.floor(index * step)));
    return sha256([...offsets].map((offset) => sha256(file.read(offset, length))).join(""));
  } finally {
    file.close();
  }
}

function noWeights(path: string, files: string[]): LoragError {
  const pickled = files.find((name) => /\.(bin|pt|pth|ckpt|pkl)$/.test(name));
  return new LoragError({
    code: "LORAG_MODEL_FORMAT",
    kind: "data",
    message: pickled
      ? `${path} has weights as ${pickled} only, a pickle, which can run code when it is loaded`
      : `${path} holds no .safetensors or .gguf file`,
    next: "Give a folder with config.json, tokenizer.json and model.safetensors, or a .gguf file.",
  });
}
