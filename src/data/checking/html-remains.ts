import { decodeHTMLStrict } from "entities";

const blocks =
  "p|div|br|li|ul|ol|tr|table|thead|tbody|tfoot|caption|h[1-6]|section|article|header|footer|html|head|body|main|nav|aside|figure|figcaption|dl|dt|dd|blockquote|pre|hr";
const inline =
  "a|b|i|u|em|strong|span|font|img|td|th|sup|sub|small|center|script|style|iframe|input|button|form|label|" +
  "abbr|mark|del|ins|kbd|picture|meta|video|audio|svg|path|strike|tt|big|noscript|colgroup|col";
/** As tags have them: `x <b and c> y` is none. */
const attributes = `(?:\\s+(?:[\\w:-]+\\s*=\\s*(?:"[^"]*"|'[^']*'|[^\\s"'<>]+)|checked|disabled|hidden|noshade|nowrap|selected|async|defer|controls|autoplay|loop|muted|required|readonly|multiple|open|allowfullscreen))*\\s*/?`;
/** What a sentence is about: `the <table> tag`. */
const named = "(?!\\s+(?:tags?|elements?)\\b)";
const comment = "<!--(?:(?!<!--)[^])*?-->|<!doctype[^<>]*>";
const tag = new RegExp(`</?(?:${blocks}|${inline})${attributes}>${named}|${comment}`, "gi");
const blockTag = new RegExp(`</?(?:${blocks})${attributes}>${named}`, "gi");
const entity = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;
const unseen = /<(script|style)\b[^<>]*>|<\/(?:script|style)\s*>/gi;
/** Code shows what it is about: a question on HTML keeps its tags. */
const code = /```[^]*?(?:```|$)|`[^`\n]+`/g;

/** The first tag or entity of HTML that was left in a text, outside its code. */
export function htmlRemains(text: string): string | undefined {
  for (const part of outsideCode(text)) {
    const first = [
      ...part.matchAll(tag),
      ...[...part.matchAll(entity)].filter(([found]) => isEntity(found)),
    ].sort((a, b) => a.index - b.index)[0];
    if (first) return first[0];
  }
  return undefined;
}

/** The text that a reader of the page would have seen; what stands in code is kept as it is. */
export function stripHtml(text: string): string {
  const codes = text.match(code) ?? [];
  return outsideCode(text)
    .map((part, index) => stripped(part) + (codes[index] ?? ""))
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const outsideCode = (text: string): string[] => text.split(code);

const isEntity = (written: string): boolean => decodeHTMLStrict(written) !== written;

const stripped = (text: string): string =>
  withoutUnseen(text)
    .replace(blockTag, "\n")
    .replace(tag, "")
    .replace(entity, (written) => decodeHTMLStrict(written).replaceAll("\u00a0", " "))
    .replace(/[^\S\n]+\n/g, "\n");

/** Without scripts and styles; one that is never closed is a word in a text. */
function withoutUnseen(text: string): string {
  let kept = "";
  let done = 0;
  let opened: { name: string; at: number } | undefined;
  for (const { 0: found, 1: name, index } of text.matchAll(unseen)) {
    if (name) opened ??= { name: name.toLowerCase(), at: index };
    else if (opened && found.toLowerCase().startsWith(`</${opened.name}`)) {
      kept += text.slice(done, opened.at);
      done = index + found.length;
      opened = undefined;
    }
  }
  return kept + text.slice(done);
}
