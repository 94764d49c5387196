import { inlineElements } from "./html-elements.ts";

/**
 * Markdown's inline text without what only a browser needs: tags go and their text stays, comments go, a backslash
 * before punctuation goes, an autolink is its address. Code spans stay as they are, and so does what merely looks
 * like a tag: `<user-id>`, `a < b`. (CommonMark 0.31, 2.4 and 6.) Time is linear in the text's length.
 */
export function cleanInline(text: string): string {
  return readInline(text)
    .map((piece) => piece.text)
    .join("");
}

/** The same for one line that is a name: emphasis and code marks go, too. */
export function plainInline(text: string): string {
  return readInline(text)
    .map(({ kind, text: piece }) => {
      if (kind === "code") return piece.replace(/^`+ ?| ?`+$/g, "");
      return kind === "text" ? piece.replace(/\*\*|__|`/g, "") : piece;
    })
    .join("");
}

interface Piece {
  /** `mark` is what was written with marks of its own: an escape, an autolink, the space that a tag leaves. */
  kind: "text" | "code" | "mark";
  text: string;
}

const markStart = /`+|\\[!-/:-@[-`{-~\n]|<!--|<\/?[a-z](?:"[^"<]*"|'[^'<]*'|[^<>"'])*>/gi;

function readInline(text: string): Piece[] {
  const pieces: Piece[] = [];
  const endOf = endFinder(text);
  const hasClosing = closingTags(text);
  const marks = new RegExp(markStart);
  let plainFrom = 0;
  const put = (start: number, end: number, piece?: Piece): void => {
    if (start > plainFrom) pieces.push({ kind: "text", text: text.slice(plainFrom, start) });
    if (piece) pieces.push(piece);
    plainFrom = end;
    marks.lastIndex = end;
  };
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    const { 0: found, index } = match;
    const after = index + found.length;
    // What is no tag may hold other marks: `<user\\-id>`.
    if (found.startsWith("<")) marks.lastIndex = index + 1;
    if (found.startsWith("`")) {
      const end = codeEnd(text, after, found.length);
      if (end !== undefined) put(index, end, { kind: "code", text: text.slice(index, end) });
    } else if (found.startsWith("\\")) {
      put(index, after, { kind: "mark", text: found.slice(1) });
    } else if (found === "<!--") {
      const end = endOf("-->", after);
      if (end !== undefined) put(index, end);
    } else if (autolink.test(found)) {
      put(index, after, { kind: "mark", text: found.slice(1, -1) });
    } else {
      const tag = readTag(found);
      if (!tag || (tag.isBare && wordNames.has(tag.name) && !hasClosing(tag.name))) continue;
      const silentEnd =
        silentNames.has(tag.name) && !tag.isClosing ? endOf(`</${tag.name}>`, after) : undefined;
      put(index, silentEnd ?? after, inlineElements.has(tag.name) ? undefined : { kind: "mark", text: " " });
    }
  }
  put(text.length, text.length);
  return withoutDoubledSpaces(pieces);
}

/** The space of a block's tag or a line break is needed only between words, and once. */
function withoutDoubledSpaces(pieces: Piece[]): Piece[] {
  const isSpace = (piece: Piece | undefined): boolean => piece?.kind === "mark" && piece.text === " ";
  return pieces
    .filter((piece, index) => !isSpace(piece) || !isSpace(pieces[index - 1]))
    .filter((piece, index, all) => {
      const before = all[index - 1]?.text ?? " ";
      const after = all[index + 1]?.text ?? " ";
      return !isSpace(piece) || (!/\s$/.test(before) && !/^\s/.test(after));
    });
}

/** Where the code span ends that begins with `length` backticks before `from`; undefined where it is none. */
function codeEnd(text: string, from: number, length: number): number | undefined {
  const runs = /`+|\n[ \t]*\n/g;
  runs.lastIndex = from;
  for (let run = runs.exec(text); run && run[0].startsWith("`"); run = runs.exec(text)) {
    if (run[0].length === length) return runs.lastIndex;
  }
  return undefined;
}

/** Looks for the end of something; what is not there once is not looked for again. */
function endFinder(text: string): (mark: string, from: number) => number | undefined {
  const missing = new Set<string>();
  return (mark, from) => {
    const at = missing.has(mark) ? -1 : text.indexOf(mark, from);
    if (at < 0) missing.add(mark);
    return at < 0 ? undefined : at + mark.length;
  };
}

function closingTags(text: string): (name: string) => boolean {
  let names: Set<string> | undefined;
  return (name) => {
    names ??= new Set([...text.matchAll(/<\/([a-z]+)\s*>/gi)].map((match) => match[1]!.toLowerCase()));
    return names.has(name);
  };
}

const autolink = /^<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>$/i;

interface Tag {
  name: string;
  isClosing: boolean;
  /** An opening tag without attributes. */
  isBare: boolean;
}

/** Undefined for what HTML has no element for: a placeholder, most likely. */
function readTag(written: string): Tag | undefined {
  const match = /^<(\/?)([a-z][a-z0-9]*)(?:(\s[^]*)|(\/?))>$/i.exec(written);
  if (!match) return undefined;
  const name = match[2]!.toLowerCase();
  if (!inlineElements.has(name) && !blockNames.has(name) && !wordNames.has(name)) return undefined;
  const isClosing = match[1] === "/";
  return { name, isClosing, isBare: !isClosing && (match[3] ?? "").trim() === "" && match[4] === "" };
}

const setOf = (names: string): Set<string> => new Set(names.split(" "));

/** The rest leave a space in their place. */
const blockNames = setOf(
  "article aside audio blockquote br button canvas caption center col colgroup dd details div dl dt embed fieldset figcaption figure h1 h2 h3 h4 h5 h6 hgroup hr html iframe legend li math nav noscript ol p picture pre script style svg tbody td template textarea tfoot th thead tr ul video",
);

/** Elements with the names of everyday things: without attributes and a closing tag, `<source>` is a placeholder. */
const wordNames = setOf(
  "address area base body code data dialog footer form head header input label link main map menu meta meter object option output param progress search section select source summary table time title track var",
);

/** What is in them is no text. */
const silentNames = setOf("script style");
