const blocks =
  "p|div|br|li|ul|ol|tr|table|thead|tbody|h[1-6]|section|article|header|footer|blockquote|pre|hr";
const inline =
  "a|b|i|u|em|strong|span|font|img|td|th|sup|sub|small|center|script|style|iframe|input|button|form|label";
const tag = new RegExp(`</?(?:${blocks}|${inline})(?:\\s[^<>]*)?/?>`, "gi");
const blockTag = new RegExp(`</?(?:${blocks})(?:\\s[^<>]*)?/?>`, "gi");
const entity =
  /&(?:#\d{2,6}|#x[\da-f]{2,5}|amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|rsquo|lsquo|rdquo|ldquo|eacute|uuml|ouml|auml|szlig|euro|pound|copy);/gi;

const named: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  rsquo: "’",
  lsquo: "‘",
  rdquo: "”",
  ldquo: "“",
  eacute: "é",
  uuml: "ü",
  ouml: "ö",
  auml: "ä",
  szlig: "ß",
  euro: "€",
  pound: "£",
  copy: "©",
};

/** The first tag or entity of HTML that was left in a text. */
export const htmlRemains = (text: string): string | undefined =>
  [...text.matchAll(tag), ...text.matchAll(entity)].sort((a, b) => a.index - b.index)[0]?.[0];

/** The text that a reader of the page would have seen. */
export function stripHtml(text: string): string {
  return text
    .replace(/<(script|style)\b[^>]*>.*?<\/\1>/gis, "")
    .replace(blockTag, "\n")
    .replace(tag, "")
    .replace(entity, decode)
    .replace(/[^\S\n]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function decode(written: string): string {
  const name = written.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return named[name] ?? written;
  const code = name.startsWith("#x") ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}
