import { LoragError } from "../contracts/index.ts";
import type { GgufValue } from "./gguf-cursor.ts";
import type { GgufFile } from "./gguf.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

/** `tokenizer.ggml.token_type` of control tokens (llama.cpp, llama_token_type). */
const controlToken = 3;
const userDefinedToken = 4;

/** What `tokenizer.ggml.pre` means, in the terms of tokenizer.json (llama.cpp, llama-vocab.cpp). */
const preTokenizers: Readonly<Record<string, unknown[]>> = {
  smollm: [
    { type: "Digits", individual_digits: true },
    { type: "ByteLevel", add_prefix_space: false, use_regex: true },
  ],
  "gpt-2": [{ type: "ByteLevel", add_prefix_space: false, use_regex: true }],
};

/** The byte-level BPE tokenizer that a GGUF file carries. Throws LORAG_GGUF_TOKENIZER, LORAG_TOKENIZER_INVALID. */
export function ggufTokenizer({ metadata }: GgufFile): Tokenizer {
  const model = metadata.get("tokenizer.ggml.model");
  const pre = metadata.get("tokenizer.ggml.pre");
  const pretokenizers = typeof pre === "string" ? preTokenizers[pre] : undefined;
  if (model !== "gpt2" || !pretokenizers) throw unsupported(model, pre);
  const tokens = strings(metadata, "tokenizer.ggml.tokens");
  const types = metadata.get("tokenizer.ggml.token_type");
  // Without them control tokens would be read as plain text.
  if (!Array.isArray(types) || types.length !== tokens.length)
    throw damaged(`not one tokenizer.ggml.token_type for each of its ${tokens.length} tokens`);
  const typeOf = (id: number): unknown => types[id];
  const merges = strings(metadata, "tokenizer.ggml.merges").map((merge) => {
    const gap = merge.indexOf(" ", 1);
    if (gap < 0) throw damaged(`the merge ${JSON.stringify(merge.slice(0, 100))}, which has one part`);
    return [merge.slice(0, gap), merge.slice(gap + 1)];
  });
  const added = tokens.flatMap((content, id) =>
    typeOf(id) === controlToken || typeOf(id) === userDefinedToken
      ? [{ id, content, special: typeOf(id) === controlToken, normalized: false }]
      : [],
  );
  const named = (key: string): string | undefined => {
    const id = metadata.get(`tokenizer.ggml.${key}_token_id`);
    return typeof id === "number" ? tokens[id] : undefined;
  };
  return createTokenizer(
    {
      added_tokens: added,
      pre_tokenizer: { type: "Sequence", pretokenizers },
      decoder: { type: "ByteLevel" },
      model: { type: "BPE", vocab: Object.fromEntries(tokens.map((content, id) => [content, id])), merges },
    },
    { bos_token: named("bos"), eos_token: named("eos"), pad_token: named("padding") },
  );
}

function strings(metadata: ReadonlyMap<string, GgufValue>, key: string): string[] {
  const value = metadata.get(key);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string"))
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
    next: `Use the model's safetensors folder instead, or a GGUF of the kind gpt2 / ${Object.keys(preTokenizers).join(" or ")}.`,
  });
}
