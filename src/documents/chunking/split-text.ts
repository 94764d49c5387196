import type { Block, Document } from "../../contracts/index.ts";
import type { Section } from "./sections.ts";
import type { Sizing } from "./sizing.ts";
import type { CountTokens } from "./count-tokens.ts";
import { cutWindows, isLowSurrogate, lines, paragraphs, trimRange, type Range } from "./ranges.ts";
import { splitSentences } from "./sentences.ts";

/** A stretch of the document's text that is not divided further. */
export interface Piece extends Range {
  tokens: number;
  /** Tokens that a chunk loses by beginning here: to the head of a table. */
  lead?: number;
}

/** Tables by rows, code by its parts, and prose by paragraphs; what of these does not fit, by the next smaller unit. */
export function splitText(
  { text, blocks = [] }: Pick<Document, "text" | "blocks">,
  { path, start, end }: Section,
  { room, headCost, countTokens }: Sizing,
): Piece[] {
  const pieces: Piece[] = [];
  const splitter = (target: number) => createSplitter(text, target, countTokens, pieces);
  const split = splitter(room(path));
  let from = start;
  for (const block of blocksWithin(blocks, start, end)) {
    split.prose(from, block.start);
    if (block.kind === "code") split.code(block.start, block.end);
    else {
      const lead = headCost(block.head, path) ?? 0;
      const first = pieces.length;
      splitter(room(path) - lead).rows(block);
      for (const piece of pieces.slice(first)) if (piece.start >= (block.bodyStart ?? 0)) piece.lead = lead;
    }
    from = block.end;
  }
  split.prose(from, end);
  return pieces;
}

/** Blocks are in order, so those of a section are found from its start. */
function blocksWithin(blocks: Block[], start: number, end: number): Block[] {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  const found: Block[] = [];
  for (let at = low; at < blocks.length && blocks[at]!.start < end; at++) {
    const block = blocks[at]!;
    found.push({ ...block, start: Math.max(block.start, start), end: Math.min(block.end, end) });
  }
  return found;
}

type Split = (from: number, to: number) => void;

/** Ways to divide a stretch of `text`; the pieces are added to `pieces`. */
export function createSplitter(text: string, target: number, countTokens: CountTokens, pieces: Piece[] = []) {
  /** Neither a token count nor a search for sentences sees more than this: nobody knows what it does with a megabyte. */
  const window = target * 16; // and one more, where it would end within a character
  const add = (from: number, to: number, further: Split | undefined): void => {
    const range = trimRange(text, from, to);
    if (range.start === range.end) return;
    if (further && range.end - range.start > window + 1) {
      for (const part of cutWindows(text, range.start, range.end, window)) add(part.start, part.end, further);
      return;
    }
    const tokens = countTokens(text.slice(range.start, range.end));
    if (tokens > target && further) further(range.start, range.end);
    else pieces.push({ ...range, tokens });
  };
  const characters: Split = (from, to) => {
    const step = Math.max(1, Math.floor(target / 2));
    for (let at = from; at < to;) {
      let next = Math.min(at + step, to);
      if (next < to && isLowSurrogate(text, next)) next++;
      add(at, next, undefined);
      at = next;
    }
  };
  const words: Split = (from, to) => {
    for (const run of cutWindows(text, from, to, target)) add(run.start, run.end, characters);
  };
  const sentences: Split = (from, to) => {
    for (const sentence of splitSentences(text.slice(from, to))) {
      add(from + sentence.start, from + sentence.end, words);
    }
  };
  const byLines: Split = (from, to) => {
    for (const line of lines(text, from, to)) add(line.start, line.end, sentences);
  };
  const prose: Split = (from, to) => {
    for (const paragraph of paragraphs(text, from, to)) add(paragraph.start, paragraph.end, sentences);
  };
  const code: Split = (from, to) => {
    for (const part of paragraphs(text, from, to)) add(part.start, part.end, byLines);
  };
  /** The head stays with the first row, so that no passage ends in a head. */
  const rows = ({ start, end, bodyStart }: Range & { bodyStart?: number }): void => {
    let from = start;
    if (bodyStart !== undefined && bodyStart > start && bodyStart < end) {
      const found = text.indexOf("\n", bodyStart);
      from = found < 0 || found > end ? end : found + 1;
      add(start, from, byLines);
    }
    byLines(from, end);
  };
  return { pieces, prose, code, rows, words };
}
