/** Ligatures (ﬁ) and the shapes of Arabic letters inside words, which PDFs hold in place of the letters. */
const shapes = /[\ufb00-\ufdff\ufe70-\ufefc]+/g;

/** Line ends to \n, composed characters; no control characters, soft hyphens, zero-width spaces or letters' shapes. */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?|\u2028/g, "\n")
      .replace(/\u2029/g, "\n\n")
      // eslint-disable-next-line no-control-regex -- removing them is the purpose
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b\u2060-\u2064\ufeff]/g, "")
      .normalize("NFC")
      .replace(shapes, (letters) => letters.normalize("NFKC"))
  );
}

/** One line: every run of white space is a space. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, " ").trim();
}
