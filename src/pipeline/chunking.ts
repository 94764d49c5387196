import type { Config, Embedder, RetrievalSettings } from "../contracts/index.ts";
import type { ChunkOptions } from "../documents/index.ts";

/** How documents are cut. */
export type Cut = Pick<RetrievalSettings, "chunk_tokens" | "chunker">;

/** The same for the room that cuts them, in the tokens of what embeds the passages. */
export function chunkingOf(
  { chunk_tokens, chunker }: Cut,
  { maxTokens, countTokens }: Pick<Embedder, "maxTokens" | "countTokens"> = {},
): ChunkOptions {
  return {
    chunker,
    targetTokens: chunk_tokens,
    ...(maxTokens !== undefined && { limitTokens: maxTokens }),
    ...(countTokens && { countTokens }),
  };
}

/** What the passages depend on besides the documents and the embedder. */
export const describeChunking = ({ chunk_tokens, chunker }: Cut, { parsing }: Config): string =>
  `${chunker} ${chunk_tokens} hidden:${parsing.hidden_text}${parsing.ocr.length > 0 ? ` ocr:${parsing.ocr.join("+")}` : ""}`;

export const parsingOf = ({ parsing }: Config) => ({
  passwords: parsing.passwords,
  keepHidden: parsing.hidden_text === "keep",
  ocr: parsing.ocr,
});
