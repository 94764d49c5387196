import type { OpenModel } from "../../models/index.ts";
import type { Vocabulary } from "../constraints/token-mask.ts";

/** A model's tokens; the text of each is made when it is first asked for. */
export function createVocabulary({ tokenizer, endIds }: Pick<OpenModel, "tokenizer" | "endIds">): Vocabulary {
  // Alone, a first token may lose its space: each is read after another.
  const before = tokenizer.encode("a").slice(-1);
  const shown = tokenizer.decode(before).length;
  const texts: (string | undefined)[] = [];
  return {
    size: tokenizer.size,
    endIds: new Set(endIds),
    textOf: (token) =>
      (texts[token] ??= token < tokenizer.size ? tokenizer.decode([...before, token]).slice(shown) : ""),
    encode: (text) => tokenizer.encode(text),
  };
}
