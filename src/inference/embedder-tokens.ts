import { openModel, parseEncoderConfig, readMaxTokens, type ResolvedModel } from "../models/index.ts";

/** What a sentence encoder reads of a text at most, without the marks around it, and how it counts. */
export interface EmbedderTokens {
  maxTokens: number;
  countTokens: (text: string) => number;
}

/** Of a text's ends: [CLS] and [SEP]. */
const marks = 2;

/** Reads the tokenizer alone. Throws what opening a model throws. */
export async function openEmbedderTokens(model: ResolvedModel): Promise<EmbedderTokens> {
  const { config, tokenizer, weights } = await openModel(model);
  weights.close();
  const maxTokens = await readMaxTokens(model, parseEncoderConfig(config).maxPositions);
  return { maxTokens: maxTokens - marks, countTokens: (text) => tokenizer.encode(text).length };
}
