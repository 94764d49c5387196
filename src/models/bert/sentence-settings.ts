import { LoragError } from "../../contracts/index.ts";
import { readJson } from "../hub/open-model.ts";
import type { ResolvedModel } from "../hub/resolve-model.ts";

/**
 * What sentence-transformers keeps beside the weights: texts are cut at `max_seq_length` tokens of
 * `sentence_bert_config.json`. Throws LORAG_MODEL_CONFIG where vectors are pooled in another way than the mean.
 */
export async function readMaxTokens(model: ResolvedModel, maxPositions: number): Promise<number> {
  const pooling = await readJson(model, "1_Pooling/config.json");
  if (pooling && pooling["pooling_mode_mean_tokens"] !== true) {
    throw new LoragError({
      code: "LORAG_MODEL_CONFIG",
      kind: "data",
      message: `${model.name} does not pool its vectors by the mean (1_Pooling/config.json)`,
      next: "Use a model with mean pooling such as sentence-transformers/all-MiniLM-L6-v2.",
    });
  }
  const limit = (await readJson(model, "sentence_bert_config.json"))?.["max_seq_length"];
  return typeof limit === "number" && limit >= 2 ? Math.min(limit, maxPositions) : maxPositions;
}
