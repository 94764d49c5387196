/**
 * BERT's text clean-up and word splitting as the reference does them (huggingface/tokenizers, normalizers/bert.rs
 * and pre_tokenizers/bert.rs): character by character, accents before case, so that vectors match those of models
 * served elsewhere. @huggingface/tokenizers departs from it for supplementary characters, final sigma and others.
 */
export interface BertNormalization {
  clean_text?: boolean;
  handle_chinese_chars?: boolean;
  /** Null: as `lowercase`. */
  strip_accents?: boolean | null;
  lowercase?: boolean;
}

// oxlint-disable-next-line no-control-regex -- exactly what this pattern is about
const asciiOnly = /^[\x00-\x7f]*$/;
const removed = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const whitespace = /\p{White_Space}/gu;
/** CJK unified ideographs, their extensions A to E, and compatibility ideographs. */
const ideograph =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;

export function normalizeBertText(text: string, options: BertNormalization): string {
  let out = text;
  if (options.clean_text) out = out.replace(removed, "").replace(whitespace, " ");
  const ascii = asciiOnly.test(out);
  if (options.handle_chinese_chars && !ascii) out = out.replace(ideograph, " $& ");
  const lowercase = options.lowercase ?? false;
  if ((options.strip_accents ?? lowercase) && !ascii) out = out.normalize("NFD").replace(/\p{Mn}/gu, "");
  if (!lowercase) return out;
  // Whole-string lowering would turn a final capital sigma into another letter than the reference does.
  return ascii ? out.toLowerCase() : Array.from(out, (character) => character.toLowerCase()).join("");
}

/** Words and single punctuation marks; white space is dropped. ASCII symbols count as punctuation. */
const wordOrMark = /[^\p{White_Space}\p{P}!-/:-@[-`{-~]+|[\p{P}!-/:-@[-`{-~]/gu;

export function splitBertWords(text: string): string[] {
  return text.match(wordOrMark) ?? [];
}
