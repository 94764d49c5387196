import type { Chunk } from "../../contracts/index.ts";

type Header = Pick<Chunk, "title" | "headings" | "tableHead">;

/**
 * The header of a chunk, shown to the model with it and searched with it: `Title > Heading > Subheading`, and under it
 * the head of the table in whose middle the chunk begins.
 */
export function chunkHeader({ title, headings, tableHead }: Header): string {
  const path = [title, ...headings].join(" > ");
  return tableHead === undefined ? path : `${path}\n${tableHead}`;
}

/** What of a chunk is embedded and searched: its header says what a passage is about that does not itself name it. */
export function chunkText(chunk: Header & Pick<Chunk, "text">): string {
  return `${chunkHeader(chunk)}\n${chunk.text}`;
}
