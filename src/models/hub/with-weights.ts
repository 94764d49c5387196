import { sha256 } from "../../platform/index.ts";
import { findLocalModel } from "./local-model.ts";
import type { ResolvedModel } from "./resolve-model.ts";

/** A model with the weights of a folder, or the PEFT adapter in it merged into its own, and its own tokenizer and template. */
export async function withWeights(base: ResolvedModel, folder: string): Promise<ResolvedModel> {
  const { fingerprint } = (await findLocalModel(folder))!;
  return { ...base, tuned: folder, fingerprint: sha256(base.fingerprint + fingerprint) };
}
