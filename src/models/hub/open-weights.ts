import { join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { readSafetensors, type WeightSource } from "../../formats/index.ts";
import { openFile } from "../../platform/index.ts";

export const indexName = "model.safetensors.index.json";

/**
 * The safetensors files of one checkpoint as one source, chosen as transformers does: `model.safetensors`, else the
 * shards that the index names, else the only file there is. Other files may hold other weights under the same names.
 * Throws LORAG_MODEL_FORMAT where files and index disagree, and what the reader throws.
 */
export function openWeights(
  folder: string,
  files: readonly string[],
  index: Readonly<Record<string, unknown>> | undefined,
): WeightSource {
  const open = (file: string): WeightSource => readSafetensors(openFile(join(folder, file)));
  if (files.includes("model.safetensors")) return open("model.safetensors");
  if (index) return openShards(folder, files, index["weight_map"], open);
  if (files.length === 1) return open(files[0]!);
  throw badShards(folder, `${files.length} safetensors files and no ${indexName}`);
}

function openShards(
  folder: string,
  files: readonly string[],
  weightMap: unknown,
  open: (file: string) => WeightSource,
): WeightSource {
  if (typeof weightMap !== "object" || weightMap === null)
    throw badShards(folder, `no weight_map in ${indexName}`);
  const shards = new Map<unknown, WeightSource>();
  const owners = new Map<string, WeightSource>();
  for (const [name, file] of Object.entries(weightMap)) {
    const known = files.find((other) => other === file);
    if (known === undefined)
      throw badShards(folder, `no ${JSON.stringify(file)}, where ${indexName} has ${JSON.stringify(name)}`);
    const shard = shards.get(known) ?? open(known);
    shards.set(known, shard);
    if (!shard.names().includes(name))
      throw badShards(folder, `no tensor ${JSON.stringify(name)} in ${known}`);
    owners.set(name, shard);
  }
  const ownerOf = (name: string): WeightSource => {
    const owner = owners.get(name);
    if (owner) return owner;
    throw new LoragError({
      code: "LORAG_TENSOR_MISSING",
      kind: "data",
      message: `None of the ${shards.size} weight files has a tensor ${JSON.stringify(name)}`,
      next: "Check that no shard is missing and that the model has the expected architecture.",
    });
  };
  return {
    names: () => [...owners.keys()],
    shape: (name) => ownerOf(name).shape(name),
    read: (name) => ownerOf(name).read(name),
    close: () => shards.forEach((shard) => shard.close()),
  };
}

function badShards(folder: string, what: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_FORMAT",
    kind: "data",
    message: `The weights in ${folder} cannot be opened: there is ${what}`,
    next: "Fetch the model again, or give the path of the one .safetensors file that is meant.",
  });
}
