/** Each of their characters is read as a word: their scripts put no space between words. */
const unspaced =
  "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]";
const unspacedCharacter = `(?=\\p{L})${unspaced}\\p{M}*`;
const inWord = `(?:(?!${unspacedCharacter})[\\p{L}\\p{M}\\p{N}])`;
/** `1.5`, `08:00` and `10-20` are one word each. */
const word = `(?!\\p{M})${inWord}+(?:(?<=\\p{N})[.,:/-](?=\\p{N})${inWord}+)*`;
/** `A-`, `-5` and `.net`, but not the hyphen of `check-in` nor the full stop of a sentence. */
const attached =
  "(?<![\\p{L}\\p{M}\\p{N}.])\\.(?=[\\p{L}\\p{N}])|(?<![\\p{L}\\p{M}\\p{N}-])-+(?=[\\p{L}\\p{N}])|(?<=[\\p{L}\\p{M}\\p{N}])-+(?![\\p{L}\\p{N}-])";
const quotedMark = "(?<=[\"'`“‘«])[^\\p{L}\\p{N}\\s\"'`“”‘’«»]{1,3}(?=[\"'`”’»])";
const mark = "(?<![\\p{L}\\p{M}])/|/(?!\\p{L})|(?![`´¨¯¸])[\\p{S}#%&@*\\\\]|\\(\\)|\\[\\]|\\{\\}";
const token = new RegExp(`${unspacedCharacter}|${word}|${quotedMark}|${attached}|${mark}`, "gu");

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const emphasis =
  /(?<![\p{L}\p{N}*_`])(\*{1,3}|_{1,2}|`)(?=[^\s*_`])([^*_`\n]*\p{L}[^*_`\n]*)\1(?![\p{L}\p{N}*_`])/gu;

/**
 * The words of a text, in lower case, and the symbols that tell texts apart (`C++` and `C#`, `A+` and `A-`, `-5` and `5`,
 * `.net` and `net`) as words of their own. What goes: space, the punctuation of sentences, Markdown's bullets and
 * emphasis, and how characters are composed (NFC or NFD, full width). In scripts without spaces each character is a word.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/gu, (digit) => `^${superscripts.indexOf(digit)}`)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}\uFE0F]/gu, "")
    .replace(/[−‐‑]/gu, "-")
    .replace(/^[^\S\n]*[*+•-][^\S\n]+(?=\S)/gmu, "")
    .replace(emphasis, "$2")
    .replace(/(?<=\p{N}),(?=\p{N}{3}(?!\p{N}))/gu, "");
  return plain.match(token) ?? [];
}

/**
 * Texts that come out alike are one question, or one answer. Of a text that is all punctuation this is the text itself:
 * `?` and `!` are two answers.
 */
export function normalise(text: string): string {
  return wordsOf(text).join(" ") || text.normalize("NFKC").trim();
}
