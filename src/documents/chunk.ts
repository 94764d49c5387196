import type { Chunk, Document } from "../contracts/index.ts";
import { sha256 } from "../platform/index.ts";

export interface ChunkOptions {
  /** Chunks grow up to this many tokens, heading lines included; only a text without any break may exceed it. */
  targetTokens?: number;
  /** Tokens of a text; `estimateTokens` unless the embedder's own count is at hand. */
  countTokens?: (text: string) => number;
}

/** A stretch of the document's text that is not divided further. */
interface Piece {
  start: number;
  end: number;
  tokens: number;
}

/** Pieces under the same headings. `path` holds the headings, outermost first, without the document's title. */
interface Section {
  path: string[];
  pieces: Piece[];
}

/** The header of a chunk, shown to the model with it: `Title > Heading > Subheading`. */
export function chunkHeader(chunk: Pick<Chunk, "title" | "headings">): string {
  return [chunk.title, ...chunk.headings].join(" > ");
}

/** What of a chunk is embedded and searched: its header says what a passage is about that does not itself name it. */
export function chunkText(chunk: Pick<Chunk, "title" | "headings" | "text">): string {
  return `${chunkHeader(chunk)}\n${chunk.text}`;
}

/** About a token for four letters, and one for each character of scripts without spaces. */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index++) quarters += text.charCodeAt(index) >= 0x2e80 ? 4 : 1;
  return Math.ceil(quarters / 4);
}

/**
 * Cuts a document into chunks along its headings, paragraphs and sentences. A section begins a chunk of its own,
 * unless it or what is before it is tiny; sections under different top headings join only when very tiny. Every
 * character but white space is in exactly one chunk, in order. Time is linear in the text's length.
 */
export function chunkDocument(document: Document, options: ChunkOptions = {}): Chunk[] {
  const { targetTokens = 200, countTokens = estimateTokens } = options;
  const sections = findSections(document).map(({ path, start, end }) => ({
    path,
    pieces: splitText(document.text, start, end, targetTokens, countTokens),
  }));
  return groupPieces(sections, targetTokens).map(({ start, end, path }) => {
    const text = document.text.slice(start, end);
    return {
      id: sha256(`${document.id}\0${start}\0${text}`).slice(0, 20),
      documentId: document.id,
      title: document.title,
      headings: path,
      text,
      start,
      end,
    };
  });
}

/** A heading with nothing under it belongs to the section that follows it. */
function findSections(document: Document): { path: string[]; start: number; end: number }[] {
  const sections: { path: string[]; start: number; end: number }[] = [];
  const open: { level: number; text: string }[] = [];
  let start = 0;
  let path: string[] = [];
  let bodyStart = 0;
  const close = (end: number): void => {
    if (document.text.slice(bodyStart, end).trim() === "") return;
    sections.push({ path, start, end });
    start = end;
  };
  for (const heading of document.headings) {
    close(heading.start);
    while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop();
    open.push(heading);
    path = open.map(({ text }) => text).filter((text, depth) => depth > 0 || text !== document.title);
    const lineEnd = document.text.indexOf("\n", heading.start);
    bodyStart = lineEnd < 0 ? document.text.length : lineEnd;
  }
  close(document.text.length);
  if (start < document.text.length) sections.push({ path, start, end: document.text.length });
  return sections;
}

/** Greedy: a chunk takes pieces until the next would not fit. */
function groupPieces(sections: Section[], target: number): { start: number; end: number; path: string[] }[] {
  const groups: { start: number; end: number; path: string[]; tokens: number; most: number }[] = [];
  for (const { path, pieces } of sections) {
    const size = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
    for (const [index, piece] of pieces.entries()) {
      const last = groups.at(-1);
      const fits = last !== undefined && last.tokens + (index === 0 ? size : piece.tokens) <= target;
      if (last && fits && (index > 0 || joins(last, { path, tokens: size }, target))) {
        last.end = piece.end;
        last.tokens += piece.tokens;
        if (index === 0 && size > last.most) Object.assign(last, { path, most: size });
      } else {
        const most = index === 0 ? Math.min(size, target) : piece.tokens;
        groups.push({ start: piece.start, end: piece.end, path, tokens: piece.tokens, most });
      }
    }
  }
  return groups;
}

/** Whether a section may go on in the chunk before it: one of the two is too small to be found or read by itself. */
function joins(
  last: { path: string[]; tokens: number },
  next: { path: string[]; tokens: number },
  target: number,
): boolean {
  const smaller = Math.min(last.tokens, next.tokens);
  return smaller < (last.path[0] === next.path[0] ? target / 4 : target / 8);
}

/** Paragraphs where they fit, else their sentences, else runs of words, else of characters. */
function splitText(
  text: string,
  start: number,
  end: number,
  target: number,
  countTokens: (text: string) => number,
): Piece[] {
  const pieces: Piece[] = [];
  const add = (
    from: number,
    to: number,
    splitFurther: ((from: number, to: number) => void) | undefined,
  ): void => {
    const range = trimRange(text, from, to);
    if (range.start === range.end) return;
    const tokens = countTokens(text.slice(range.start, range.end));
    if (tokens > target && splitFurther) splitFurther(range.start, range.end);
    else pieces.push({ ...range, tokens });
  };
  const windows = (from: number, to: number): void => {
    // Neither a token count nor a sentence search ever sees more than a window: what they do with a megabyte without
    // a break is not ours to know.
    for (const window of cutWindows(text, from, to, target * 16)) add(window.start, window.end, sentences);
  };
  const sentences = (from: number, to: number): void => {
    for (const sentence of splitSentences(text.slice(from, to))) {
      add(from + sentence.start, from + sentence.end, words);
    }
  };
  const words = (from: number, to: number): void => {
    for (const run of cutWindows(text, from, to, target)) add(run.start, run.end, characters);
  };
  const characters = (from: number, to: number): void => {
    const step = Math.max(1, Math.floor(target / 2));
    for (let at = from; at < to;) {
      let next = Math.min(at + step, to);
      if (next < to && isLowSurrogate(text, next)) next++;
      add(at, next, undefined);
      at = next;
    }
  };
  for (const paragraph of paragraphs(text, start, end)) {
    if (paragraph.end - paragraph.start > target * 16) windows(paragraph.start, paragraph.end);
    else add(paragraph.start, paragraph.end, sentences);
  }
  return pieces;
}

const sentenceSegmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
/** `[15]`, `[2, 3]`, `[note 4]`, `[^5]`, `[a]`, any number of them; with `(`, the last is a link. */
const footnoteMarks = /(?:[ \t]{0,4}\[(?:\p{Ll}|\^?(?:\p{L}{1,4}\.? )?\d[\d, –-]{0,20})\](?!\())+/uy;

/** Sentences with the footnote marks that follow them: the segmenter ends one in `end.[15] Next` after the bracket. */
function* splitSentences(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const { index, segment } of sentenceSegmenter.segment(text)) {
    let end = index + segment.length;
    // A mark that begins a line is the label of an entry in a list of notes.
    if (text[end - 1] !== "\n") {
      footnoteMarks.lastIndex = text[end - 1] === "[" ? end - 1 : end;
      if (footnoteMarks.test(text)) end = footnoteMarks.lastIndex;
    }
    if (end <= start) continue;
    yield { start, end };
    start = end;
  }
}

function* paragraphs(text: string, start: number, end: number): Generator<{ start: number; end: number }> {
  const blank = /\n[ \t]*\n/g;
  blank.lastIndex = start;
  let from = start;
  for (let match = blank.exec(text); match && match.index < end; match = blank.exec(text)) {
    yield { start: from, end: match.index };
    from = match.index + 1;
    blank.lastIndex = from;
  }
  yield { start: from, end };
}

/** Stretches of at most `size` characters, ended at white space where the second half of the stretch has one. */
function* cutWindows(
  text: string,
  start: number,
  end: number,
  size: number,
): Generator<{ start: number; end: number }> {
  for (let from = start; from < end;) {
    let to = Math.min(from + size, end);
    if (to < end) {
      let space = to;
      while (space > from + size / 2 && !/\s/.test(text[space - 1]!)) space--;
      if (space > from + size / 2) to = space;
      else if (isLowSurrogate(text, to)) to++;
    }
    yield { start: from, end: to };
    from = to;
  }
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}

function trimRange(text: string, from: number, to: number): { start: number; end: number } {
  const part = text.slice(from, to);
  const start = from + (part.length - part.trimStart().length);
  return { start: Math.min(start, to), end: Math.max(Math.min(start, to), from + part.trimEnd().length) };
}
