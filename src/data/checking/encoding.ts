import { windows1252 } from "../../text/index.ts";

const byteOf = new Map([...windows1252].map((character, index) => [character, 0x80 + index]));

const next = `[\\u0080-\\u00BF${windows1252}]`;
/** As many as the first one says that follow it (RFC 3629); of a closing quotation mark the last is often lost. */
const suspicious = new RegExp(
  `[\\u00C2-\\u00DF]${next}|[\\u00E0-\\u00EF]${next}{2}|[\\u00F0-\\u00F4]${next}{3}|â€`,
  "gu",
);

/** `à` whose second byte, a space that does not break, became another: after a small letter stands no capital. */
const lostSpace = /(?<=\p{Ll})Ã ?(?= )/gu;

/** What closes a word where it was not read wrongly: the name of a letter in quotation marks, `„Ä“`, is no `ē`. */
const closing = /^[^ÂÃÐ][‚„†‡‰‹‘’“”•–—›»«™®©°¿¡…\u00a0]$/u;

/** Before a letter that a word goes on with: a small one, or another that was read wrongly. */
const inWord = new RegExp(`(?:\\p{Ll}|[\\u00C2-\\u00F4][\\u0080-\\u00BF${windows1252}]+)$`, "u");

/**
 * A text whose UTF-8 was once read as Windows-1252 (`Ã©` for `é`, `â€™` for `’`), or was so twice, set right; as it was
 * where it is not such a text. Only runs of characters that are UTF-8 as a whole are changed.
 */
export function repairEncoding(text: string): string {
  const repaired = text.replace(lostSpace, "à").replace(suspicious, (run, at: number, all: string) => {
    if (run === "â€") return "”";
    const after = all[at + run.length] ?? "";
    if (closing.test(run) && !/\p{L}/u.test(after) && !inWord.test(all.slice(Math.max(0, at - 3), at)))
      return run;
    const bytes = Array.from(run, (character) => byteOf.get(character) ?? character.codePointAt(0)!);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
    } catch {
      return run;
    }
  });
  return repaired === text ? text : repairEncoding(repaired);
}

/** What is broken in how a text's characters were written or read; undefined where nothing is. */
export function encodingFault(text: string): string | undefined {
  const repaired = repairEncoding(text);
  if (repaired !== text) {
    let at = 0;
    while (text[at] === repaired[at]) at++;
    return `UTF-8 read as Windows-1252: ${text.slice(Math.max(0, at - 10), at + 14)}`;
  }
  const lost = text.indexOf("\uFFFD");
  if (lost >= 0) return `a character is lost: ${text.slice(Math.max(0, lost - 10), lost + 10)}`;
  const control = /[^\P{Cc}\t\n\r]/u.exec(text);
  return control
    ? `a control character, U+${control[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
    : undefined;
}

/** Repaired, and without control characters and the colours of a terminal. */
export const cleanEncoding = (text: string): string =>
  repairEncoding(text)
    // oxlint-disable-next-line no-control-regex
    .replace(/\u001b\[[\d;]*[A-Za-z]/g, "")
    .replace(/[^\P{Cc}\t\n\r]/gu, "");
