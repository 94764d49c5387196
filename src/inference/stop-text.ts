/** What a piece of text does to a text that ends at the first of some strings. */
export interface StopText {
  /** Returns what may be shown now: text that might be the start of a stop string is held back. */
  push(piece: string): { text: string; stopped: boolean };
  /** What is held back when generation ends for another reason. */
  end(): string;
}

/** Cuts a streamed text at the first stop string, which is left out. Empty stop strings are ignored. */
export function createStopText(stops: readonly string[]): StopText {
  const wanted = stops.filter((stop) => stop.length > 0);
  let held = "";
  return {
    push(piece) {
      held += piece;
      const places = wanted.map((stop) => held.indexOf(stop)).filter((place) => place >= 0);
      if (places.length > 0) {
        const text = held.slice(0, Math.min(...places));
        held = "";
        return { text, stopped: true };
      }
      const keep = Math.max(0, ...wanted.map((stop) => overlap(held, stop)));
      const text = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text, stopped: false };
    },
    end() {
      const text = held;
      held = "";
      return text;
    },
  };
}

/** Length of the longest end of `text` that begins `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
