import { z } from "zod";

const step = z.looseObject({ type: z.string() });
const sequence = z.looseObject({ pretokenizers: z.array(step) });

/** GPT-2's word pattern, as ByteLevel applies it (openai/gpt-2, encoder.py). */
const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** `\w` of Rust's regex crate (UTS #18, Annex C), with which Whitespace tells words from marks. */
const wordCharacter = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
const wordsOrMarks = `[${wordCharacter}]+|[^${wordCharacter}\\p{White_Space}]+`;

const isolate = (pattern: string) => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior: "Isolated",
  invert: false,
});

/**
 * Rewrites the steps of a `pre_tokenizer` that @huggingface/tokenizers runs on JavaScript's own `\d`, `\w` and `\s`
 * (ASCII digits and letters; white space without U+0085 but with U+FEFF) as Split steps with Unicode classes, which it
 * translates faithfully. The reference: huggingface/tokenizers, pre_tokenizers/digits.rs, whitespace.rs and
 * byte_level.rs.
 */
export function exactPreTokenizer(
  config: z.infer<typeof step> | null | undefined,
  model: ByteLevelModel,
): unknown {
  if (!config) return null;
  const steps = config.type === "Sequence" ? sequence.parse(config).pretokenizers : [config];
  const toBytes = steps.at(-1)?.type === "ByteLevel" && model.type === "BPE";
  const hasOther = typeof model.unk_token === "string" || model.byte_fallback === true;
  const dropped =
    toBytes && !hasOther ? dropUnknownBytes(model.vocab as Readonly<Record<string, number>>) : [];
  return { type: "Sequence", pretokenizers: [...steps.flatMap(exactStep), ...dropped] };
}

/** What of a tokenizer's `model` tells which bytes it knows. */
interface ByteLevelModel {
  type: string;
  vocab: Readonly<Record<string, number>> | readonly unknown[];
  unk_token?: unknown;
  byte_fallback?: unknown;
}

function exactStep(config: z.infer<typeof step>): unknown[] {
  if (config.type === "Digits")
    return [isolate(config["individual_digits"] ? String.raw`\p{N}` : String.raw`\p{N}+`)];
  if (config.type === "Whitespace")
    return [{ type: "Split", pattern: { Regex: wordsOrMarks }, behavior: "Removed", invert: true }];
  if (config.type !== "ByteLevel" || config["use_regex"] === false) return [config];
  const space = config["add_prefix_space"] ? [prefixSpace] : [];
  return [...space, isolate(words), { ...config, add_prefix_space: false, use_regex: false }];
}

/**
 * Before the words are split, as ByteLevel does it: `'ll` at the start is no contraction then. The first character is matched and put back,
 * because V8 finds an empty match inside surrogate pairs too.
 */
const prefixSpace = { type: "Replace", pattern: { Regex: String.raw`\A[^ ]` }, content: " $&" };

/**
 * Bytes that a byte-level vocabulary has no token for, as SmolLM2's has none for some control characters, are dropped
 * before merging, so that what stood around them can merge (huggingface/tokenizers, models/bpe/model.rs, merge_word).
 */
function dropUnknownBytes(vocabulary: Readonly<Record<string, number>>): unknown[] {
  const unknown = byteLetters.filter((letter) => !Object.hasOwn(vocabulary, letter));
  if (unknown.length === 0) return [];
  return [
    {
      type: "Replace",
      pattern: {
        Regex: `[${unknown.map((letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`).join("")}]`,
      },
      content: "",
    },
  ];
}

/** How byte-level BPE writes the 256 bytes (openai/gpt-2, encoder.py): printable ones as they are, others from U+0100. */
const byteLetters = Array.from({ length: 0x144 }, (_, code) => String.fromCharCode(code)).filter((letter) =>
  /[!-~\u00A1-\u00AC\u00AE-\u0143]/.test(letter),
);
