import { decodeHTMLStrict } from "entities";
import { inlineElements } from "../html/html-elements.ts";
import { raised } from "../text/raised.ts";
import { linkTail, type References } from "./markdown-link.ts";

export interface InlineText {
  text: string;
  /** Offsets in `text`. */
  links: { start: number; end: number; href: string }[];
  /** What was left out. */
  warnings: string[];
}

export interface InlineOptions {
  /** What `<br>` becomes: a line end, or a space in a table or a heading. */
  lineBreak: "\n" | " ";
  references: References;
  keepHidden: boolean;
}

const asIs: InlineOptions = { lineBreak: "\n", references: new Map(), keepHidden: false };

/**
 * Markdown's inline text without what only a browser needs: tags go and their text stays, comments and struck text go,
 * a backslash before punctuation goes, an entity is its character, a link is its words and an image its description,
 * an autolink is its address. Code spans stay as they are, and so does what merely looks like a tag: `<user-id>`,
 * `a < b`. (CommonMark 0.31, 2.4, 2.5 and 6.) Time is linear in the text's length.
 */
export function cleanInline(text: string, options: InlineOptions = asIs): InlineText {
  const { pieces, links, warnings } = readInline(text, options);
  const starts: number[] = [];
  let out = "";
  for (const piece of pieces) {
    starts.push(out.length);
    out += piece.text;
  }
  starts.push(out.length);
  const placed = links.map(({ from, to, href }) => ({ start: starts[from]!, end: starts[to]!, href }));
  return { text: out, links: placed.filter(({ start, end }) => end > start), warnings };
}

/** The same for one line that is a name: emphasis and code marks go, too. */
export function plainInline(text: string, options: InlineOptions): string {
  return readInline(text, { ...options, lineBreak: " " })
    .pieces.map(({ kind, text: piece }) => {
      if (kind === "code") return piece.replace(/^`+ ?| ?`+$/g, "");
      return kind === "text" ? piece.replace(/\*\*|__|`/g, "") : piece;
    })
    .join("");
}

interface Piece {
  /** `mark` is what was written with marks of its own; `gap` the space or line end that a tag leaves. */
  kind: "text" | "code" | "mark" | "gap";
  text: string;
}

/** An element or mark that does something to the pieces since it began. */
interface Span {
  name: string;
  from: number;
  depth: number;
  close: (pieces: Piece[]) => void;
}

const markStart =
  /`+|\$\$?|!?\[\[|[\^~](?:[-+−]?\d{1,6}|[a-z]{1,6})[\^~]|\\[!-/:-@[-`{-~\n]|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});|!?\[|\]|~~|<!--|<\/?[a-z](?:"[^"<]*"|'[^'<]*'|[^<>"'])*>/gi;

function readInline(
  text: string,
  { lineBreak, references, keepHidden }: InlineOptions,
): { pieces: Piece[]; links: { from: number; to: number; href: string }[]; warnings: string[] } {
  const pieces: Piece[] = [];
  const links: { from: number; to: number; href: string }[] = [];
  const warnings: string[] = [];
  const brackets: number[] = [];
  const spans: Span[] = [];
  const endOf = endFinder(text);
  const hasClosing = closingTags(text);
  const hasClosingStrike = lastOf(text, "~~");
  const marks = new RegExp(markStart);
  let plainFrom = 0;
  const put = (start: number, end: number, piece?: Piece): void => {
    if (start > plainFrom) pieces.push({ kind: "text", text: text.slice(plainFrom, start) });
    if (piece) pieces.push(piece);
    plainFrom = end;
    marks.lastIndex = end;
  };
  const dropSince = (from: number, what: string): void => {
    const dropped = pieces.splice(from, pieces.length - from).map((piece) => piece.text);
    while (links.length > 0 && links.at(-1)!.to > from) links.pop();
    while (brackets.length > 0 && brackets.at(-1)! >= from) brackets.pop();
    const words = dropped.join("").replace(/\s+/g, " ").trim();
    if (words !== "") warnings.push(`${what} was left out: "${words.slice(0, 80)}".`);
  };
  const open = (name: string, close: (from: number) => void): void => {
    const from = pieces.length;
    spans.push({ name, from, depth: 1, close: () => close(from) });
  };
  const closeSpan = (name: string): boolean => {
    const span = spans.findLast((each) => each.name === name);
    if (!span || --span.depth > 0) return false;
    // What began inside it and did not end is over, too.
    spans.length = spans.indexOf(span);
    span.close(pieces);
    return true;
  };
  const raise = (from: number): void => {
    const before = pieces
      .slice(Math.max(0, from - 2), from)
      .map((piece) => piece.text)
      .join("");
    const content = pieces
      .splice(from, pieces.length - from)
      .map((piece) => piece.text)
      .join("");
    while (links.length > 0 && links.at(-1)!.to > from) links.pop();
    while (brackets.length > 0 && brackets.at(-1)! >= from) brackets.pop();
    pieces.push({ kind: "mark", text: raised(before, content) });
  };

  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    const { 0: found, index } = match;
    const after = index + found.length;
    // What is no tag may hold other marks: `<user\\-id>`.
    if (found.startsWith("<")) marks.lastIndex = index + 1;
    if (found.startsWith("`")) {
      const end = codeEnd(text, after, found.length);
      if (end !== undefined) put(index, end, { kind: "code", text: text.slice(index, end) });
    } else if (found.startsWith("$") || found === "\\(" || found === "\\[") {
      const end = formulaEnd(text, index, found, endOf);
      if (end !== undefined) put(index, end, { kind: "code", text: text.slice(index, end) });
      else if (found.startsWith("\\")) put(index, after, { kind: "mark", text: found.slice(1) });
    } else if (found.startsWith("\\")) {
      // In a table, the bar would begin another cell.
      const isCell = found === "\\|" && lineBreak === " ";
      put(index, after, { kind: "mark", text: isCell ? found : found.slice(1) });
    } else if (found.startsWith("&")) {
      const character = decodeHTMLStrict(found);
      if (character !== found) put(index, after, { kind: "mark", text: character.replace(/\u00a0/g, " ") });
    } else if (found.endsWith("[[")) {
      const wiki = wikiLink(text, after);
      if (wiki) put(index, wiki.end, { kind: "mark", text: wiki.words });
      else marks.lastIndex = index + found.length - 1;
    } else if (/^[\^~].+[\^~]$/.test(found)) {
      const script = readScript(found, text.slice(Math.max(0, index - 2), index), text[after] ?? "");
      if (script === undefined) marks.lastIndex = index + 1;
      else put(index, after, { kind: "mark", text: script });
    } else if (found.endsWith("[")) {
      put(index, after, { kind: "mark", text: found });
      brackets.push(pieces.length - 1);
    } else if (found === "]") {
      const opened = brackets.pop();
      if (opened === undefined) continue;
      const label = (): string => text.slice(plainFrom, index);
      const written = pieces.length - 1 === opened ? label() : undefined;
      const tail = linkTail(text, after, references, written);
      if (!tail) continue;
      put(index, tail.end + attributesLength(text, tail.end));
      pieces[opened]!.text = "";
      links.push({ from: opened, to: pieces.length, href: tail.href });
    } else if (found === "~~") {
      if (spans.some(({ name }) => name === "~~")) {
        put(index, after);
        closeSpan("~~");
      } else if (hasClosingStrike > index && /\S/.test(text[after] ?? "")) {
        put(index, after);
        open("~~", (from) => dropSince(from, "Struck-out text"));
      }
    } else if (found === "<!--") {
      const end = endOf("-->", after);
      if (end === undefined) continue;
      const words = text
        .slice(after, end - 3)
        .replace(/\s+/g, " ")
        .trim();
      if (words !== "") warnings.push(`A comment was left out: "${words.slice(0, 80)}".`);
      put(index, end);
    } else if (autolink.test(found)) {
      put(index, after, { kind: "mark", text: found.slice(1, -1) });
    } else {
      const tag = readTag(found);
      if (!tag || (tag.isBare && wordNames.has(tag.name) && !hasClosing(tag.name))) continue;
      const { name, isClosing } = tag;
      const silentEnd = silentNames.has(name) && !isClosing ? endOf(`</${name}>`, after) : undefined;
      const gap = name === "br" ? lineBreak : inlineElements.has(name) ? undefined : " ";
      const alt =
        name === "img"
          ? /\salt\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(found)?.slice(1).find(Boolean)
          : undefined;
      put(
        index,
        silentEnd ?? after,
        alt ? { kind: "mark", text: alt } : gap ? { kind: "gap", text: gap } : undefined,
      );
      if (isClosing) closeSpan(name);
      else if (spans.some((span) => span.name === name))
        spans.findLast((span) => span.name === name)!.depth++;
      else if (name === "sup" && hasClosing(name)) open(name, raise);
      else if (name === "rt" && hasClosing(name)) {
        // The reading of what stands before it.
        pieces.push({ kind: "mark", text: "(" });
        open(name, () => pieces.push({ kind: "mark", text: ")" }));
      } else if (struckNames.has(name) && hasClosing(name))
        open(name, (from) => dropSince(from, "Struck-out text"));
      else if (!keepHidden && hidden.test(found) && hasClosing(name)) {
        open(name, (from) => dropSince(from, "Hidden text"));
      }
    }
  }
  put(text.length, text.length);
  settleGaps(pieces);
  return { pieces, links, warnings };
}

/** The space of a block's tag or a line break is needed only between words, and once; a line's ends have no spaces. */
function settleGaps(pieces: Piece[]): void {
  let out = " ";
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== "gap") {
      if (out.endsWith("\0")) piece.text = piece.text.replace(/^[ \t]+/, "");
      if (piece.text !== "") out = piece.text.slice(-1);
      continue;
    }
    const next = pieces.slice(index + 1, index + 50).find(({ kind, text }) => kind === "gap" || text !== "");
    if (piece.text === " ") {
      if (/[\s\0]$/.test(out) || !next || /^\s/.test(next.text)) piece.text = "";
      else out = " ";
    } else {
      for (let before = index - 1; before >= 0 && index - before < 50; before--) {
        const previous = pieces[before]!;
        previous.text = previous.kind === "code" ? previous.text : previous.text.replace(/[ \t]+$/, "");
        if (previous.text !== "") break;
      }
      if (next && /^[ \t]*\n/.test(next.text)) piece.text = "";
      out = "\0";
    }
  }
}

/** `{width=50%}` or `{.class}` behind a link or an image, for the page that is made of it. */
const attributesLength = (text: string, from: number): number =>
  text[from] === "{"
    ? (/^\{:?[ \t]*(?:[#.][\w-]|[\w-]{1,40}=)[^{}\n]{0,150}\}/.exec(text.slice(from, from + 210))?.[0]
        .length ?? 0)
    : 0;

/** Pandoc's raised `10^3^` and lowered `H~2~O`; undefined for what only looks like one, such as `x^2y^3`. */
function readScript(found: string, before: string, next: string): string | undefined {
  const inner = found.slice(1, -1);
  if (found[0] !== found.at(-1) || !/[\p{L}\p{N})\]]$/u.test(before)) return undefined;
  if (found.startsWith("~")) return next === "~" ? undefined : inner;
  return /[\p{L}\p{N}({]/u.test(next) ? undefined : raised(before, inner);
}

/** `[[Page]]` or `[[Page|what is shown]]`, of which it is known where they end. */
function wikiLink(text: string, from: number): { words: string; end: number } | undefined {
  const match = /^(\p{L}[^[\]|\n]{0,150})(?:\\?\|([^[\]\n]{1,150}))?\]\]/u.exec(text.slice(from, from + 310));
  return match ? { words: match[2] ?? match[1]!, end: from + match[0].length } : undefined;
}

const longestFormula = 5000;

/**
 * Where a formula in TeX ends that begins at `index`; undefined where it is none: two prices, or brackets with a backslash.
 * Its marks are not those of Markdown.
 */
function formulaEnd(
  text: string,
  index: number,
  found: string,
  endOf: (mark: string, from: number) => number | undefined,
): number | undefined {
  const after = index + found.length;
  if (found === "$") {
    const inline = /^\$(?=\S)(?:[^$\\\n]|\\.){0,300}(?<=\S)\$(?!\d)/.exec(text.slice(index, index + 610));
    return inline && /[\\^_{=]/.test(inline[0]) ? index + inline[0].length : undefined;
  }
  const end = endOf(found === "$$" ? "$$" : found === "\\(" ? "\\)" : "\\]", after);
  if (end === undefined || end - index > longestFormula) return undefined;
  const inner = text.slice(after, end - 2);
  return !/\n[ \t]*\n/.test(inner) && (found === "$$" || /[\\^_=]/.test(inner)) ? end : undefined;
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

const lastOf = (text: string, mark: string): number => text.lastIndexOf(mark);

function closingTags(text: string): (name: string) => boolean {
  let names: Set<string> | undefined;
  return (name) => {
    names ??= new Set([...text.matchAll(/<\/([a-z]+\d?)\s*>/gi)].map((match) => match[1]!.toLowerCase()));
    return names.has(name);
  };
}

const autolink = /^<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>$/i;

const hidden =
  /\sstyle\s*=\s*["'][^"']*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\s*[;"'])|\shidden(?:\s|>|=)/i;

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

const struckNames = setOf("del s strike");

/** What is in them is no text. */
const silentNames = setOf("rp script style");
