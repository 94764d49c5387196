import type { Block, Chunk, ChunkPart, Document } from "../../contracts/index.ts";
import { sha256 } from "../../platform/index.ts";
import { chunkers, type ChunkerName } from "./chunkers.ts";
import { cutWindows, trimRange, type Range } from "./ranges.ts";
import { chunkText } from "./render-chunk.ts";
import { findSections, type Section } from "./sections.ts";
import { createSizing, type Sizing } from "./sizing.ts";
import { estimateTokens, type CountTokens } from "./count-tokens.ts";

export interface ChunkOptions {
  /** How the text is cut; `headings` unless told otherwise. */
  chunker?: ChunkerName;
  /** Chunks grow up to about this many tokens, heading lines included. */
  targetTokens?: number;
  /** Most tokens of a chunk with its header: what the embedder reads. Twice the target, unless it is known. */
  limitTokens?: number;
  /** Tokens of a text; `estimateTokens` unless the embedder's own count is at hand. */
  countTokens?: CountTokens;
}

/**
 * Cuts a document into chunks. Every character but white space is in exactly one chunk, in order. Time is linear in
 * the text's length.
 */
export function chunkDocument(document: Document, options: ChunkOptions = {}): Chunk[] {
  const { chunker = "headings", targetTokens = 200, countTokens = estimateTokens } = options;
  const { limitTokens = 2 * targetTokens } = options;
  const sizing = createSizing(document.title, targetTokens, limitTokens, countTokens);
  const sections = findSections(document);
  const ranges = chunkers[chunker](document, sections, sizing);
  const partsOf = partFinder(sections, document.pages ?? []);
  const tableAt = tableFinder(document.blocks ?? []);
  /** In the end every chunk is counted whole: what is between its pieces may be tokens, too. */
  const fitted = (range: Range): Chunk[] => {
    const chunk = describe(document, range, partsOf(range), tableAt(range.start), sizing);
    const length = range.end - range.start;
    if (length < 2 || sizing.countTokens(chunkText(chunk)) <= limitTokens) return [chunk];
    const parts = [...cutWindows(document.text, range.start, range.end, Math.ceil(length / 2))]
      .map(({ start, end }) => trimRange(document.text, start, end))
      .filter(({ start, end }) => end > start);
    return parts.length === 1 ? [chunk] : parts.flatMap(fitted);
  };
  return ranges.flatMap(fitted);
}

function describe(
  document: Document,
  { start, end }: Range,
  parts: ChunkPart[],
  table: Block | undefined,
  sizing: Sizing,
): Chunk {
  const text = document.text.slice(start, end);
  const headings = longest(parts, end);
  const page = parts[0]?.page;
  const head = table?.bodyStart !== undefined && start >= table.bodyStart ? table.head : undefined;
  return {
    id: sha256(`${document.id}\0${start}\0${text}`).slice(0, 20),
    documentId: document.id,
    ...sizing.header(headings),
    text,
    start,
    end,
    ...(page !== undefined && { page }),
    ...(head !== undefined && sizing.headCost(head, headings) !== undefined && { tableHead: head }),
    ...(parts.length > 1 && { parts }),
  };
}

/** The headings that most of the passage stands under. */
function longest(parts: ChunkPart[], end: number): string[] {
  const lengths = new Map<string[], number>();
  for (const [index, { start, headings }] of parts.entries()) {
    const length = (parts[index + 1]?.start ?? end) - start;
    lengths.set(headings, (lengths.get(headings) ?? 0) + length);
  }
  return [...lengths].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [[] as string[], -1])[0];
}

/** Ranges come in order, so each search goes on where the last one ended. */
function partFinder(sections: Section[], pages: number[]): (range: Range) => ChunkPart[] {
  let firstSection = 0;
  let firstPage = 0;
  return ({ start, end }) => {
    while (firstSection < sections.length - 1 && sections[firstSection]!.end <= start) firstSection++;
    while (firstPage < pages.length && pages[firstPage]! <= start) firstPage++;
    // The next range may begin where this one does.
    let [section, page] = [firstSection, firstPage];
    const part = (at: number): ChunkPart => ({
      start: at,
      headings: sections[section]?.path ?? [],
      ...(page > 0 && { page }),
    });
    const parts = [part(start)];
    for (;;) {
      const nextSection = sections[section]?.end ?? end;
      const nextPage = pages[page] ?? end;
      const next = Math.min(nextSection, nextPage);
      if (next >= end) return parts;
      if (next === nextSection) section++;
      while (page < pages.length && pages[page]! <= next) page++;
      parts.push(part(next));
    }
  };
}

function tableFinder(blocks: Block[]): (at: number) => Block | undefined {
  let next = 0;
  return (at) => {
    while (next < blocks.length && blocks[next]!.end <= at) next++;
    const block = blocks[next];
    return block?.kind === "table" && block.start <= at ? block : undefined;
  };
}
