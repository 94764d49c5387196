/** What a model says, without what it thinks: `<think>` blocks that some servers leave in the text. */
export interface ThinkingFilter {
  /** Returns what may be shown now. */
  push(piece: string): string;
  /** What is held back when the text ends. */
  end(): string;
  /** All that was taken off so far. */
  readonly thinking: string;
}

const opening = "<think>";
const closing = "</think>";

export function createThinkingFilter(): ThinkingFilter {
  let held = "";
  let thinking = "";
  let inside = false;
  // Blanks between a block and the answer belong to neither.
  let fresh = false;

  const advance = (isLast: boolean): string => {
    let shown = "";
    for (;;) {
      if (fresh) held = held.trimStart();
      if (fresh && held !== "") fresh = false;
      const mark = inside ? closing : opening;
      const place = held.indexOf(mark);
      const ready = place >= 0 ? place : held.length - (isLast ? 0 : overlap(held, mark));
      if (inside) thinking += held.slice(0, ready);
      else shown += held.slice(0, ready);
      held = held.slice(ready);
      if (place < 0) return shown;
      held = held.slice(mark.length);
      fresh = inside;
      inside = !inside;
    }
  };
  return {
    push(piece) {
      held += piece;
      return advance(false);
    },
    end: () => advance(true),
    get thinking() {
      return thinking;
    },
  };
}

/**
 * Takes off thinking whose opening mark the prompt held, so that the text has the closing one alone. For whole texts that
 * went through the filter.
 */
export function splitUnopened(text: string): { text: string; thinking: string } {
  const place = text.lastIndexOf(closing);
  if (place < 0) return { text, thinking: "" };
  return { text: text.slice(place + closing.length).trimStart(), thinking: text.slice(0, place) };
}

/** Length of the longest end of `text` that begins `mark`. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
