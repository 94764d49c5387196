import { join } from "node:path";
import { writeSafetensors, type FloatTensor } from "../../formats/index.ts";
import { exists, readFile, sha256, writeFolderAtomic } from "../../platform/index.ts";
import { findLocalModel } from "./local-model.ts";
import type { OpenModel } from "./open-model.ts";
import type { ResolvedModel } from "./resolve-model.ts";

export const tunedWeightsName = "model.safetensors";

/** What of a model's folder goes along with other weights: nothing where the model is one GGUF file. */
const companions = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "vocab.txt",
  "merges.txt",
  "chat_template.jinja",
  "generation_config.json",
];

/**
 * Writes a model with other weights as a Hugging Face folder, whole or not at all: `model.safetensors`, its configuration, and
 * what stands beside the base's weights.
 */
export async function writeModel(
  folder: string,
  base: Pick<OpenModel, "config"> & Pick<ResolvedModel, "folder">,
  tensors: ReadonlyMap<string, FloatTensor>,
): Promise<void> {
  await writeFolderAtomic(folder, async (write) => {
    await write("config.json", `${JSON.stringify(base.config, null, 2)}\n`);
    for (const name of companions) {
      const path = join(base.folder, name);
      if (await exists(path)) await write(name, await readFile(path));
    }
    await write(tunedWeightsName, writeSafetensors(tensors));
  });
}

/** A model with the weights that `writeModel` put into a folder, and its own tokenizer and template. */
export async function withWeights(base: ResolvedModel, folder: string): Promise<ResolvedModel> {
  const { fingerprint } = (await findLocalModel(folder))!;
  return { ...base, tuned: folder, fingerprint: sha256(base.fingerprint + fingerprint) };
}
