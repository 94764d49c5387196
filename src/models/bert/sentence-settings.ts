import { LoragError } from "../../contracts/index.ts";
import { readJson, readJsonValue } from "../hub/open-model.ts";
import type { ResolvedModel } from "../hub/resolve-model.ts";

/**
 * What sentence-transformers keeps beside the weights: texts are cut at `max_seq_length` tokens of
 * `sentence_bert_config.json`, or at the tokenizer's `model_max_length`. Throws LORAG_MODEL_CONFIG where vectors are
 * made in another way than by the mean of the encoder's last layer.
 */
export async function readMaxTokens(model: ResolvedModel, maxPositions: number): Promise<number> {
  refuseOtherModules(model, await readJsonValue(model, "modules.json"));
  const pooling = await readJson(model, "1_Pooling/config.json");
  if (pooling && !isMean(pooling)) throw otherVectors(model, "does not pool its vectors by the mean alone");
  const prompted = await readJson(model, "config_sentence_transformers.json");
  const prompt = (prompted?.["prompts"] as Record<string, unknown> | null | undefined)?.[
    String(prompted?.["default_prompt_name"])
  ];
  if (prompt) throw otherVectors(model, `puts ${JSON.stringify(prompt)} before every text`);
  const limit =
    (await readJson(model, "sentence_bert_config.json"))?.["max_seq_length"] ??
    (await readJson(model, "tokenizer_config.json"))?.["model_max_length"];
  return typeof limit === "number" && limit >= 2 ? Math.min(limit, maxPositions) : maxPositions;
}

/** `pooling_mode` since version 6 of sentence-transformers, one flag for each mode before. */
function isMean(pooling: Readonly<Record<string, unknown>>): boolean {
  const named = pooling["pooling_mode"];
  if (named !== undefined) return [named].flat().join() === "mean";
  const modes = Object.keys(pooling).filter(
    (key) => key.startsWith("pooling_mode_") && pooling[key] === true,
  );
  return modes.join() === "pooling_mode_mean_tokens";
}

/** A layer on top of the pooling, as `Dense`, would be left out. */
function refuseOtherModules(model: ResolvedModel, modules: unknown): void {
  if (modules === undefined) return;
  const kinds = (Array.isArray(modules) ? (modules as Record<string, unknown>[]) : []).map((module) => {
    const kind = String(module?.["type"]).split(".").at(-1)!;
    return kind === "Pooling" ? String(module["path"]) : kind;
  });
  // Vectors have unit length here whether the model says Normalize or not.
  if (/^Transformer,1_Pooling(,Normalize)?$/.test(kinds.join())) return;
  throw otherVectors(model, `is made of ${kinds.join(", ").slice(0, 100)} (modules.json)`);
}

function otherVectors({ name }: ResolvedModel, what: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "data",
    message: `${name} ${what}, which is not computed here`,
    next: "Use a model with mean pooling such as sentence-transformers/all-MiniLM-L6-v2.",
  });
}
