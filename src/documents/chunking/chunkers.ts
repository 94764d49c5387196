import type { Document } from "../../contracts/index.ts";
import { groupPieces, groupSections } from "./group-pieces.ts";
import { lines, type Range } from "./ranges.ts";
import type { Section } from "./sections.ts";
import type { Sizing } from "./sizing.ts";
import { createSplitter, splitText, type Piece } from "./split-text.ts";

/** Where the chunks of a document lie, in order. Every character but white space is in one of them. */
type Chunker = (document: Document, sections: Section[], sizing: Sizing) => Range[];

/** Along headings, paragraphs, tables' rows and sentences; small sections join. */
const headings: Chunker = (document, sections, sizing) => {
  const parts = sections.map((section) => ({
    path: section.path,
    room: sizing.room(section.path),
    pieces: splitText(document, section, sizing),
  }));
  return groupSections(parts, sizing.room([]));
};

/** As many words as fit, whatever the text's structure. */
const tokens: Chunker = ({ text }, _sections, { room, countTokens }) => {
  const target = room([]);
  const split = createSplitter(text, target, countTokens);
  split.words(0, text.length);
  return groupPieces(split.pieces, target);
};

/** Each row of a table by itself; the rest as `headings` does it. */
const rows: Chunker = (document, sections, sizing) => {
  const isRow = rowFinder(document);
  return sections.flatMap((section) => {
    const pieces = splitText(document, section, sizing);
    return groupBetween(pieces, sizing.room(section.path), (piece, last) => isRow(piece) || isRow(last));
  });
};

/** A definition at a time: a line without indent after a blank line begins one. For files of source code. */
const code: Chunker = (document, sections, { room, countTokens }) =>
  sections.flatMap(({ path, start, end }) => {
    const split = createSplitter(document.text, room(path), countTokens);
    split.code(start, end);
    const small = room(path) / 4;
    return groupBetween(
      split.pieces,
      room(path),
      (piece, _last, tokens) => tokens >= small && /[^\s)}\]]/.test(lineStart(document.text, piece.start)),
    );
  });

/** `Q:`, `Question 3.`, a line of the kind "What ...?" that stands by itself: what begins a pair. */
const question =
  /^\s{0,3}(?:[#>*_\s-]{0,12})(?:(?:q|question|frage|pregunta|вопрос|問|问)\s*\d{0,4}\s*[.:)：]|[^\n|]{3,300}[?？][*_\s]*$)/iu;

/** Each question with its answer. */
const questions: Chunker = (document, sections, sizing) => {
  const { text } = document;
  const starts = [...lines(text, 0, text.length)]
    .filter(({ start, end }) => question.test(text.slice(start, Math.min(end, start + 400)).trimEnd()))
    .map(({ start }) => start);
  const bounds = [...new Set([0, ...starts, text.length])];
  let section = 0;
  return bounds.slice(1).flatMap((end, index) => {
    const start = bounds[index]!;
    while (section < sections.length - 1 && sections[section]!.end <= start) section++;
    const path = sections[section]?.path ?? [];
    return groupPieces(splitText(document, { path, start, end }, sizing), sizing.room(path));
  });
};

export const chunkers = { headings, tokens, rows, code, questions } satisfies Record<string, Chunker>;
export type ChunkerName = keyof typeof chunkers;

/** Greedy, with a border wherever `isBorder` sees one between two pieces; `tokens` is what the chunk has so far. */
function groupBetween(
  pieces: Piece[],
  target: number,
  isBorder: (piece: Piece, last: Piece, tokens: number) => boolean,
): Range[] {
  const runs: Piece[][] = [];
  let tokens = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index === 0 || isBorder(piece, pieces[index - 1]!, tokens)) {
      runs.push([]);
      tokens = 0;
    }
    runs.at(-1)!.push(piece);
    tokens += piece.tokens;
  }
  return runs.flatMap((run) => groupPieces(run, target));
}

function rowFinder({ blocks = [] }: Document): (piece: Range) => boolean {
  const tables = blocks.filter(({ kind }) => kind === "table");
  let at = 0;
  return ({ start }) => {
    while (at > 0 && tables[at - 1]!.end > start) at--;
    while (at < tables.length && tables[at]!.end <= start) at++;
    return at < tables.length && tables[at]!.start <= start;
  };
}

/** The first character of the line, white space where it is indented. */
function lineStart(text: string, at: number): string {
  return text[text.lastIndexOf("\n", at - 1) + 1] ?? "";
}
