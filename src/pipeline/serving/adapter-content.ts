import { join } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { exists, readText, sha256, sha256File, statPath } from "../../platform/index.ts";
import type { Parts } from "../parts.ts";
import { requireSameBase } from "../same-base.ts";

const files = ["adapter_config.json", "adapter_model.safetensors"];

export interface AdapterContent {
  of(folder: string): Promise<string>;
  /** What `of` told before, where the files are still those. */
  known(folder: string): Promise<string | undefined>;
}

/**
 * Tells adapters by what is in them: the same files under two names are one adapter, other files in the same folder are
 * another. One is read again only when its files have changed, and refused where it was made for another base model or
 * chat template. Throws LORAG_ADAPTER_MISMATCH, LORAG_ADAPTER_MISSING.
 */
export function createAdapterContent(parts: Pick<Parts, "localModel">, model: string): AdapterContent {
  const read = new Map<string, { stamp: string; hash: Promise<string> }>();
  let template: Promise<string | undefined> | undefined;
  const baseTemplate = async (): Promise<string | undefined> => {
    const { openModel } = await import("../../models/index.ts");
    const opened = await openModel(await parts.localModel(model));
    opened.weights.close();
    return opened.sources.chatTemplate;
  };
  const hashOf = async (folder: string): Promise<string> => {
    const config = await readText(join(folder, files[0]!));
    const named = (JSON.parse(config) as { base_model_name_or_path?: unknown }).base_model_name_or_path;
    const base = await parts.localModel(model);
    if (typeof named === "string") requireSameBase(named, base.name);
    const own = join(folder, "chat_template.jinja");
    if (await exists(own)) {
      const expected = await (template ??= baseTemplate());
      if ((await readText(own)).trim() !== expected?.trim()) throw otherTemplate();
    }
    return sha256(`${sha256(config)} ${await sha256File(join(folder, files[1]!))}`);
  };
  const stampOf = async (folder: string): Promise<string> => {
    const stats = await Promise.all(files.map((file) => statPath(join(folder, file))));
    return stats.map((stat) => (stat ? `${stat.modifiedMs} ${stat.size}` : "")).join("|");
  };
  return {
    async of(folder) {
      const stamp = await stampOf(folder);
      const before = read.get(folder);
      if (before?.stamp === stamp) return before.hash;
      const hash = hashOf(folder);
      read.set(folder, { stamp, hash });
      hash.catch(() => read.delete(folder));
      return hash;
    },
    async known(folder) {
      const before = read.get(folder);
      if (before?.stamp !== (await stampOf(folder))) return undefined;
      return before.hash.catch(() => undefined);
    },
  };
}

const otherTemplate = (): LoragError =>
  new LoragError({
    code: "LORAG_ADAPTER_MISMATCH",
    kind: "data",
    message: "The adapter was trained with another chat template than that of the base model",
    next: "Train it with the base model's template, or serve it on the model whose template it has.",
  });
