import { openModel, parseEncoderConfig, readSentenceSettings, type ResolvedModel } from "../models/index.ts";

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
  const { maxTokens, prompts } = await readSentenceSettings(model, parseEncoderConfig(config).maxPositions);
  const countTokens = (text: string): number => tokenizer.encode(text).length;
  return { maxTokens: maxTokens - marks - countTokens(prompts.passage), countTokens };
}
