import type { Chunk, LanguageCode } from "../../contracts/index.ts";
import { chunkText } from "../../documents/index.ts";
import { languageOf, searchTokens } from "../../text/index.ts";

export interface IndexedWords {
  /** Tokens with a blank between two, as `questionTokens` looks them up. */
  words: string;
  /** Of the passage; empty where it could not be told. */
  language: LanguageCode | "";
}

/**
 * What the passages of one document are found by, each read in its own language: `language`, or the one it is detected
 * to be in. A passage too short to tell has that of the whole document.
 */
export function indexWords(chunks: Chunk[], language?: LanguageCode): IndexedWords[] {
  const ofDocument = language ?? languageOf(chunks.map(({ text }) => text).join("\n"));
  return chunks.map((chunk) => {
    const own = language ?? languageOf(chunk.text, ofDocument);
    const { words, parts } = searchTokens(chunkText(chunk), own);
    return { words: [...words, ...parts].join(" "), language: own ?? "" };
  });
}
