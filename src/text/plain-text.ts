/**
 * One way to write what is read the same: NFC; full-width letters and other scripts' digits as ASCII; one space, hyphen,
 * apostrophe and quotation mark; no invisible characters. Case, accents and superscripts stay.
 */
export function plainText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\u{FF01}-\u{FF5E}]/gu, (wide) => String.fromCodePoint(wide.codePointAt(0)! - 0xfee0))
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/[\u{FF65}-\u{FF9F}]+/gu, (narrow) => narrow.normalize("NFKC"))
    .replace(/[\u{FB00}-\u{FB06}\u{2100}-\u{2109}\u{3371}-\u{33DF}]/gu, (joined) => joined.normalize("NFKC"))
    .replace(/[₀-₉]/gu, (low) => String(low.codePointAt(0)! - 0x2080))
    .replace(/[\p{Cf}\u{FE00}-\u{FE0F}]/gu, "")
    .replace(/[^\S\n]/gu, " ")
    .replace(/[\u2010-\u2015\u2212\u2043\u{FE58}\u{FE63}]/gu, "-")
    .replace(/[‘’‛ʼ′´`]/gu, "'")
    .replace(/[“”„‟«»″「」『』〝〞]/gu, '"')
    .replace(/(?<=\d)٫(?=\d)/gu, ".")
    .replace(/(?<=\d)٬(?=\d)/gu, ",")
    .replace(/[、，،]/gu, ",")
    .replace(/[；؛]/gu, ";")
    .replace(/：/gu, ":")
    .replace(/؟/gu, "?")
    .replace(/٪/gu, "%");
}

/** A digit of any script as an ASCII one: those of a script follow one another from its zero. */
export function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 0x80) return digit;
  if (code >= 0x1d7ce) return digit.normalize("NFKC");
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}
