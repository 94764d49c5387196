/** A stretch of a text, by UTF-16 code units. */
export interface Range {
  start: number;
  end: number;
}

export function trimRange(text: string, from: number, to: number): Range {
  const part = text.slice(from, to);
  const start = from + (part.length - part.trimStart().length);
  return { start: Math.min(start, to), end: Math.max(Math.min(start, to), from + part.trimEnd().length) };
}

/** What lies between blank lines. */
export function* paragraphs(text: string, start: number, end: number): Generator<Range> {
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

/** Lines with their ends. */
export function* lines(text: string, start: number, end: number): Generator<Range> {
  for (let from = start; from < end;) {
    const found = text.indexOf("\n", from);
    const to = found < 0 || found >= end ? end : found + 1;
    yield { start: from, end: to };
    from = to;
  }
}

/** Stretches of at most `size` characters, ended at white space where the second half of the stretch has one. */
export function* cutWindows(text: string, start: number, end: number, size: number): Generator<Range> {
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

export function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
