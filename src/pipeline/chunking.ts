import type { Config, Embedder } from "../contracts/index.ts";
import type { ChunkOptions } from "../documents/index.ts";

/** How the config has documents cut, in the tokens of what embeds the passages. */
export function chunkingOf(
  { retrieval }: Config,
  embedder?: Pick<Embedder, "maxTokens" | "countTokens">,
): ChunkOptions {
  const { countTokens, maxTokens } = embedder ?? {};
  return {
    chunker: retrieval.chunker,
    targetTokens: retrieval.chunk_tokens,
    ...(maxTokens !== undefined && { limitTokens: maxTokens }),
    ...(countTokens && { countTokens }),
  };
}

/** What the passages depend on besides the documents and the embedder. */
export const describeChunking = ({ retrieval, parsing }: Config): string =>
  `${retrieval.chunker} ${retrieval.chunk_tokens} hidden:${parsing.hidden_text}`;

export const parsingOf = ({ parsing }: Config) => ({
  passwords: parsing.passwords,
  keepHidden: parsing.hidden_text === "keep",
});
