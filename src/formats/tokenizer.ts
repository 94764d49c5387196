import { Tokenizer as Encoder } from "@huggingface/tokenizers";
import { z } from "zod";
import { LoragError } from "../contracts/index.ts";
import { normalizeBertText, splitBertWords, type BertNormalization } from "./bert-text.ts";
import { exactPreTokenizer } from "./pre-tokenizer.ts";

export interface Tokenizer {
  /** Number of ids: 0 up to this. */
  readonly size: number;
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  readonly pad: number | undefined;
  /** Special tokens written out (`<|im_end|>`), by id. */
  readonly specialTokens: ReadonlyMap<number, string>;
  /** `special` adds what the model wraps a text in ([CLS] and [SEP]); special tokens in the text are recognised. */
  encode(text: string, options?: { special?: boolean }): number[];
  /** Two texts as one, with the marks around them, and for each token which of the two it belongs to. */
  encodePair(first: string, second: string): { ids: number[]; segments: number[] };
  /** Special tokens are left out unless `special`. */
  decode(ids: readonly number[], options?: { special?: boolean }): string;
  idOf(token: string): number | undefined;
}

const token = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish();
const tokenizerConfig = z.looseObject({ bos_token: token, eos_token: token, pad_token: token });
const tokenizerJson = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int().nonnegative(), content: z.string(), special: z.boolean().optional() }))
    .nullish(),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  post_processor: z.looseObject({ type: z.string() }).nullish(),
  decoder: z.looseObject({ type: z.string() }).nullish(),
  model: z.discriminatedUnion("type", [
    z.looseObject({ type: z.enum(["BPE", "WordPiece"]), vocab: z.record(z.string(), z.int().nonnegative()) }),
    // Pieces with their log probabilities, in the order of their ids.
    z.looseObject({ type: z.literal("Unigram"), vocab: z.array(z.tuple([z.string(), z.number()])) }),
  ]),
});

/**
 * A tokenizer from the parsed `tokenizer.json` and `tokenizer_config.json` of Hugging Face.
 * Throws LORAG_TOKENIZER_INVALID.
 */
export function createTokenizer(json: unknown, config: unknown = {}): Tokenizer {
  const parsed = tokenizerJson.safeParse(json);
  const names = tokenizerConfig.safeParse(config);
  if (!parsed.success) throw invalid(parsed.error);
  if (!names.success) throw invalid(names.error);
  const added = parsed.data.added_tokens ?? [];
  const encoder = createEncoder({ ...parsed.data, added_tokens: added });
  const specialTokens = new Map(
    added.filter(({ special }) => special).map(({ id, content }) => [id, content]),
  );
  const idOf = (name: string): number | undefined => encoder.token_to_id(name);
  const idOfNamed = (name: string | null | undefined): number | undefined =>
    typeof name === "string" ? idOf(name) : undefined;
  return {
    size:
      1 + [...idsOf(parsed.data.model), ...added.map(({ id }) => id)].reduce((a, b) => Math.max(a, b), -1),
    bos: idOfNamed(names.data.bos_token),
    eos: idOfNamed(names.data.eos_token),
    pad: idOfNamed(names.data.pad_token),
    specialTokens,
    idOf,
    encode: (text, options) => encoder.encode(text, { add_special_tokens: options?.special ?? false }).ids,
    encodePair(first, second) {
      const { ids, token_type_ids } = encoder.encode(first, {
        text_pair: second,
        return_token_type_ids: true,
      });
      return { ids, segments: token_type_ids };
    },
    decode(ids, options) {
      const shown = options?.special ? [...ids] : ids.filter((id) => !specialTokens.has(id));
      return shown.length === 0 ? "" : encoder.decode(shown, { skip_special_tokens: false });
    },
  };
}

function idsOf(model: z.infer<typeof tokenizerJson>["model"]): number[] {
  return model.type === "Unigram" ? [...model.vocab.keys()] : Object.values(model.vocab);
}

function createEncoder(json: z.infer<typeof tokenizerJson>): Encoder {
  const nothing = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  try {
    const encoder = new Encoder(
      { ...nothing, ...json, pre_tokenizer: exactPreTokenizer(json.pre_tokenizer, json.model) },
      { clean_up_tokenization_spaces: false },
    );
    if (json.normalizer?.type === "BertNormalizer") {
      const options = json.normalizer as BertNormalization;
      encoder.normalizer = callable((text: string) => normalizeBertText(text, options));
    }
    if (json.pre_tokenizer?.type === "BertPreTokenizer") encoder.pre_tokenizer = callable(splitBertWords);
    return encoder;
  } catch (error) {
    throw invalid(error);
  }
}

/** The library calls its parts as functions and types them as classes. */
function callable<Part>(part: (text: string) => unknown): Part {
  return part as Part;
}

/**
 * Text out of ids that come one at a time, the same as `decode` makes of all of them: a piece is held back while it ends
 * inside a character. `push` returns the new text, often empty; `end` what is left.
 */
export function createTextStream(tokenizer: Tokenizer): { push(id: number): string; end(): string } {
  // A token's text may hang on the one before it: SentencePiece's first token loses its space, the others keep theirs.
  let shown: number[] = [];
  let held: number[] = [];
  const heldText = (): string => tokenizer.decode([...shown, ...held]).slice(tokenizer.decode(shown).length);
  return {
    push(id) {
      held.push(id);
      const text = heldText();
      if (text === "" || text.endsWith("\uFFFD")) return "";
      [shown, held] = [held, []];
      return text;
    },
    end: heldText,
  };
}

function invalid(cause: unknown): LoragError {
  const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
  return new LoragError({
    code: "LORAG_TOKENIZER_INVALID",
    kind: "data",
    message: `The tokenizer cannot be used: ${reason.slice(0, 300)}`,
    next: "Use a model with a BPE, WordPiece or Unigram tokenizer.json; fetch it again if it worked before.",
    cause,
  });
}
