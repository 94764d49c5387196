import { LoragError } from "../../contracts/index.ts";
import type { WeightSource } from "../../formats/index.ts";

/** The shards of one checkpoint as one source. */
export function joinWeights(shards: readonly WeightSource[]): WeightSource {
  if (shards.length === 1) return shards[0]!;
  const owners = new Map(shards.flatMap((shard) => shard.names().map((name) => [name, shard] as const)));
  const ownerOf = (name: string): WeightSource => {
    const owner = owners.get(name);
    if (owner) return owner;
    throw new LoragError({
      code: "LORAG_TENSOR_MISSING",
      kind: "data",
      message: `None of the ${shards.length} weight files has a tensor ${JSON.stringify(name)}`,
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
