import { LoragError } from "../contracts/index.ts";
import { memorySource } from "../platform/index.ts";
import { openGgufCursor } from "./gguf-cursor.ts";
import { byteLevelKinds, controlToken, ggufTokenizer, userDefinedToken } from "./gguf-tokenizer.ts";
import { ggufValue } from "./gguf-writer.ts";
import type { Tokenizer } from "./tokenizer.ts";

const [normalToken, unknownToken, unusedToken, byteToken] = [1, 2, 5, 6];

/** Letters of several scripts, contractions, long figures, spaces, marks and emoji: what ways to split words differ in. */
const probe =
  "Hello, it's 12345678 o'CLOCK!! \u00C9t\u00E9 stra\u00DFe \u4F60\u597D \u0645\u0631\u062D\u0628\u0627 3.14  \n\n\t x=y_z#1 we'LL \uD83D\uDE80\uD83C\uDF89 caf\u0065\u0301 \u00A0 10,000\r\n  end   ";

interface Options {
  /** Rows of the embedding: tokens beyond the tokenizer's are unused ones. */
  size: number;
  /** Ids that end an answer. */
  endIds: readonly number[];
  /** What the written tokenizer must agree with. */
  sameTokens: Tokenizer;
}

/**
 * A `tokenizer.json` as llama.cpp's converter puts it into a GGUF file. Which way of splitting words it is, is found as
 * the converter finds it: by what becomes of a text full of traps. Throws LORAG_GGUF_TOKENIZER for other kinds.
 */
export function ggufTokenizerMetadata(
  json: Readonly<Record<string, unknown>>,
  { size, endIds, sameTokens }: Options,
): [string, Uint8Array][] {
  const model = json["model"] as {
    type: string;
    vocab: Record<string, number>;
    merges?: (string | [string, string])[];
    byte_fallback?: boolean;
    unk_token?: string | null;
  };
  if (model.type !== "BPE") throw unsupported(`a ${model.type} vocabulary`);
  const added = (json["added_tokens"] ?? []) as { id: number; content: string; special?: boolean }[];
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = new Array<number>(size).fill(unusedToken);
  for (const [token, id] of Object.entries(model.vocab)) {
    tokens[id] = token;
    types[id] = model.byte_fallback && /^<0x[0-9A-F]{2}>$/.test(token) ? byteToken : normalToken;
  }
  for (const { id, content, special } of added) {
    tokens[id] = content;
    types[id] = special ? controlToken : userDefinedToken;
  }
  const merges = (model.merges ?? []).map((merge) => (typeof merge === "string" ? merge.split(" ") : merge));
  const { string, strings, int32s, float32s, uint32, boolean } = ggufValue;
  const common: [string, Uint8Array][] = [
    ["tokenizer.ggml.tokens", strings(tokens)],
    ["tokenizer.ggml.token_type", int32s(types)],
    ["tokenizer.ggml.add_bos_token", boolean(addsBegin(sameTokens))],
  ];
  const named = (key: string, id: number | undefined): [string, Uint8Array][] =>
    id === undefined ? [] : [[`tokenizer.ggml.${key}_token_id`, uint32(id)]];
  common.push(
    ...named("bos", sameTokens.bos),
    ...named("eos", sameTokens.eos ?? endIds[0]),
    ...named("padding", sameTokens.pad),
    ...named(
      "eot",
      endIds.find((id) => id !== sameTokens.eos),
    ),
  );
  if (model.byte_fallback) {
    const unknown = model.unk_token == null ? undefined : model.vocab[model.unk_token];
    if (unknown !== undefined) types[unknown] = unknownToken;
    const spaceFirst = JSON.stringify(json["normalizer"] ?? "").includes("Prepend");
    const all: [string, Uint8Array][] = [
      ...common,
      ["tokenizer.ggml.token_type", int32s(types)],
      ["tokenizer.ggml.model", string("llama")],
      ["tokenizer.ggml.scores", float32s(scoresOf(tokens, merges))],
      ["tokenizer.ggml.add_space_prefix", boolean(spaceFirst)],
      ...named("unknown", unknown),
    ];
    if (!agrees(all, sameTokens))
      throw unsupported("pieces that merge in another order than by their scores");
    return [...new Map(all)];
  }
  for (const pre of byteLevelKinds) {
    const all: [string, Uint8Array][] = [
      ...common,
      ["tokenizer.ggml.model", string("gpt2")],
      ["tokenizer.ggml.pre", string(pre)],
      ["tokenizer.ggml.merges", strings(merges.map((pair) => pair.join(" ")))],
    ];
    if (agrees(all, sameTokens)) return all;
  }
  throw unsupported(`words split in another way than ${byteLevelKinds.join(", ")}`);
}

/** Pieces merge in the order of the merges: the earlier, the higher the score of what they make. */
function scoresOf(tokens: readonly string[], merges: readonly (readonly string[])[]): number[] {
  const first = new Map<string, number>();
  merges.forEach((pair, index) => {
    const made = pair.join("");
    if (!first.has(made)) first.set(made, index);
  });
  return tokens.map((token) => -(first.get(token) ?? merges.length));
}

/** Whether the tokenizer that a reader makes of this is the same on the probe. */
function agrees(encoded: [string, Uint8Array][], expected: Tokenizer): boolean {
  const metadata = new Map(
    encoded.map(([key, bytes]) => [key, openGgufCursor(memorySource(new Uint8Array(bytes))).value()]),
  );
  const made = ggufTokenizer({ metadata }).encode(probe);
  const wanted = expected.encode(probe);
  return made.length === wanted.length && made.every((id, i) => id === wanted[i]);
}

function addsBegin(tokenizer: Tokenizer): boolean {
  return tokenizer.bos !== undefined && tokenizer.encode("a", { special: true })[0] === tokenizer.bos;
}

function unsupported(what: string): LoragError {
  return new LoragError({
    code: "LORAG_GGUF_TOKENIZER",
    kind: "data",
    message: `The model's tokenizer cannot be put into a GGUF file: it has ${what}`,
    next: "Export the model as `merged`, the folder that transformers loads, and convert that with llama.cpp's own converter.",
  });
}
