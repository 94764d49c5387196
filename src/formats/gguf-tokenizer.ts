import { LoragError } from "../contracts/index.ts";
import type { GgufValue } from "./gguf-cursor.ts";
import type { GgufFile } from "./gguf.ts";
import { sentencePieceSteps } from "./sentence-piece.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

/** `tokenizer.ggml.token_type` of control tokens (llama.cpp, llama_token_type). */
export const controlToken = 3;
export const userDefinedToken = 4;

const byteLevel = { type: "ByteLevel", add_prefix_space: false, use_regex: true };

/** Words as GPT-4's kin split them, so many digits at a time (llama.cpp, llama-vocab.cpp). */
const splitAt = (digits: string): unknown[] => [
  {
    type: "Split",
    pattern: {
      Regex:
        String.raw`(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}` +
        digits +
        String.raw`| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
    },
    behavior: "Isolated",
    invert: false,
  },
  { ...byteLevel, use_regex: false },
];

/** What `tokenizer.ggml.pre` means, in the terms of tokenizer.json (llama.cpp, llama-vocab.cpp). */
const preTokenizers: Readonly<Record<string, { steps: unknown[]; whole?: boolean; composed?: boolean }>> = {
  smollm: { steps: [{ type: "Digits", individual_digits: true }, byteLevel] },
  "gpt-2": { steps: [byteLevel] },
  "llama-bpe": { steps: splitAt("{1,3}"), whole: true },
  qwen2: { steps: splitAt(""), composed: true },
};

/** Ways to split words that a GGUF file may name. */
export const byteLevelKinds = Object.keys(preTokenizers);

/** The tokenizer that a GGUF file carries. Throws LORAG_GGUF_TOKENIZER, LORAG_TOKENIZER_INVALID. */
export function ggufTokenizer(gguf: Pick<GgufFile, "metadata">): Tokenizer {
  const { json, config } = ggufTokenizerFiles(gguf);
  return createTokenizer(json, config);
}

/**
 * The tokenizer that a GGUF file carries, as Hugging Face keeps it: `tokenizer.json`, and the named tokens of
 * `tokenizer_config.json`. Throws LORAG_GGUF_TOKENIZER.
 */
export function ggufTokenizerFiles({ metadata }: Pick<GgufFile, "metadata">): {
  json: Record<string, unknown>;
  config: Record<string, string | undefined>;
} {
  const model = metadata.get("tokenizer.ggml.model");
  if (model !== "gpt2" && model !== "llama") throw unsupported(model, metadata.get("tokenizer.ggml.pre"));
  const tokens = strings(metadata, "tokenizer.ggml.tokens");
  const types = metadata.get("tokenizer.ggml.token_type");
  // Without them control tokens would be read as plain text.
  if (!Array.isArray(types) || types.length !== tokens.length)
    throw damaged(`not one tokenizer.ggml.token_type for each of its ${tokens.length} tokens`);
  const typeOf = (id: number): unknown => types[id];
  const added = tokens.flatMap((content, id) =>
    typeOf(id) === controlToken || typeOf(id) === userDefinedToken
      ? [{ id, content, special: typeOf(id) === controlToken, normalized: false }]
      : [],
  );
  const named = (key: string): string | undefined => {
    const id = metadata.get(`tokenizer.ggml.${key}_token_id`);
    return typeof id === "number" ? tokens[id] : undefined;
  };
  const steps =
    model === "gpt2"
      ? byteLevelSteps(metadata, tokens)
      : sentencePieceSteps(tokens, scoresOf(metadata, tokens.length), {
          unknown: named("unknown"),
          spaceFirst: metadata.get("tokenizer.ggml.add_space_prefix") !== false,
        });
  return {
    json: { added_tokens: added, ...steps },
    config: { bos_token: named("bos"), eos_token: named("eos"), pad_token: named("padding") },
  };
}

function byteLevelSteps(metadata: ReadonlyMap<string, GgufValue>, tokens: string[]): object {
  const pre = metadata.get("tokenizer.ggml.pre");
  const kind = typeof pre === "string" && Object.hasOwn(preTokenizers, pre) ? preTokenizers[pre] : undefined;
  if (!kind) throw unsupported("gpt2", pre);
  const merges = strings(metadata, "tokenizer.ggml.merges", 0).map((merge) => {
    const gap = merge.indexOf(" ", 1);
    if (gap < 0) throw damaged(`the merge ${JSON.stringify(merge.slice(0, 100))}, which has one part`);
    return [merge.slice(0, gap), merge.slice(gap + 1)];
  });
  const vocab = Object.fromEntries(tokens.map((content, id) => [content, id]));
  return {
    ...(kind.composed && { normalizer: { type: "NFC" } }),
    pre_tokenizer: { type: "Sequence", pretokenizers: kind.steps },
    decoder: { type: "ByteLevel" },
    // A word that is a token is taken whole, however its parts would merge.
    model: { type: "BPE", vocab, merges, ...(kind.whole && { ignore_merges: true }) },
  };
}

function scoresOf(metadata: ReadonlyMap<string, GgufValue>, count: number): number[] {
  const scores = metadata.get("tokenizer.ggml.scores");
  if (Array.isArray(scores) && scores.length === count && scores.every((score) => typeof score === "number"))
    return scores;
  throw damaged(`not one tokenizer.ggml.scores for each of its ${count} tokens`);
}

function strings(metadata: ReadonlyMap<string, GgufValue>, key: string, least = 1): string[] {
  const value = metadata.get(key);
  if (Array.isArray(value) && value.length >= least && value.every((item) => typeof item === "string"))
    return value;
  throw damaged(`no list of strings under ${key}`);
}

function damaged(what: string): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_TOKENIZER",
    kind: "data",
    message: `The GGUF file has ${what}`,
    next: "Use a GGUF that carries its tokenizer, as llama.cpp's converter writes it.",
  });
}

function unsupported(model: unknown, pre: unknown): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_TOKENIZER",
    kind: "data",
    message: `The GGUF file has a tokenizer of the kind ${String(model)} / ${String(pre)}, which is not read here`,
    next: `Use the model's safetensors folder instead, or a GGUF of the kind llama, or gpt2 with ${Object.keys(preTokenizers).join(" or ")}.`,
  });
}
