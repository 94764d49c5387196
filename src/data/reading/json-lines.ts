import { textPieces, type ByteSource } from "../../platform/index.ts";
import { parseJson } from "./parse-json.ts";
import type { Row } from "./row.ts";

/** Longer than any example: a file that is no text of lines must not fill memory. */
export const mostCharacters = 1 << 26;

/** A JSON object a line. Blank lines, a byte order mark and CRLF are let through. */
export function* readJsonLines(source: ByteSource): Generator<Row> {
  for (const { number, text } of linesOf(textPieces(source))) {
    if (text.trim() === "") continue;
    const place = `line ${number}`;
    if (text.length >= mostCharacters) {
      yield { place, number, problem: `longer than ${mostCharacters} characters` };
      return;
    }
    yield { place, number, ...parseJson(text) };
  }
}

/** Lines, from 1, without their ends. One that is too long is cut off there, and is the last. */
export function* linesOf(pieces: Iterable<string>): Generator<{ number: number; text: string }> {
  let number = 1;
  let rest = "";
  for (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
      yield { number: number++, text: trimEnd(rest + piece.slice(start, end)) };
      rest = "";
      start = end + 1;
    }
    rest += piece.slice(start);
    if (rest.length >= mostCharacters) break;
  }
  if (rest !== "") yield { number, text: trimEnd(rest) };
}

const trimEnd = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);
