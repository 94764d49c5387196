import { z } from "zod";

const step = z.looseObject({ type: z.string() });
const sequence = z.looseObject({ pretokenizers: z.array(step) });

/** GPT-2's word pattern, as ByteLevel applies it (openai/gpt-2, encoder.py). */
const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const isolate = (pattern: string) => ({
  type: "Split",
  pattern: { Regex: pattern },
  behavior: "Isolated",
  invert: false,
});

/**
 * Rewrites the steps of a `pre_tokenizer` that @huggingface/tokenizers runs on JavaScript's own `\d` and `\s`
 * (ASCII digits; white space without U+0085 but with U+FEFF) as Split steps with Unicode classes, which it
 * translates faithfully. The reference: huggingface/tokenizers, pre_tokenizers/digits.rs and byte_level.rs.
 */
export function exactPreTokenizer(config: z.infer<typeof step> | null | undefined): unknown {
  if (!config) return null;
  const steps = config.type === "Sequence" ? sequence.parse(config).pretokenizers : [config];
  return { type: "Sequence", pretokenizers: steps.flatMap(exactStep) };
}

function exactStep(config: z.infer<typeof step>): unknown[] {
  if (config.type === "Digits")
    return [isolate(config["individual_digits"] ? String.raw`\p{N}` : String.raw`\p{N}+`)];
  const splitsWords =
    config.type === "ByteLevel" && (config["use_regex"] ?? true) && !config["add_prefix_space"];
  if (splitsWords) return [isolate(words), { ...config, use_regex: false }];
  return [config];
}
