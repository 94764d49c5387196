import { chunkHeader } from "./render-chunk.ts";
import type { CountTokens } from "./count-tokens.ts";

/** How much text goes into a chunk, in tokens. */
export interface Sizing {
  /** Most tokens of a chunk's text under these headings. */
  room: (path: string[]) => number;
  /** What repeating this table's head takes from the room; undefined where it is too long to be repeated. */
  headCost: (head: string | undefined, path: string[]) => number | undefined;
  countTokens: CountTokens;
}

/** Text for which there is always room, however long the headings above it are. */
const leastRoom = 16;

/**
 * A chunk's text has `target` tokens at most, and with its header `limit`. The head of a table takes what is between the
 * two, and then from the text.
 */
export function createSizing(title: string, target: number, limit: number, countTokens: CountTokens): Sizing {
  const count = remember(countTokens);
  const mostOf = (path: string[]): number =>
    Math.max(leastRoom, limit - count(`${chunkHeader({ title, headings: path })}\n`));
  const room = (path: string[]): number => Math.min(target, mostOf(path));
  return {
    room,
    headCost: (head, path) => {
      if (head === undefined) return 0;
      const [tokens, most] = [count(head), mostOf(path)];
      return tokens > most * 0.75 ? undefined : Math.max(0, tokens - (most - room(path)));
    },
    countTokens,
  };
}

/** Headers and heads come up again with each chunk. */
function remember(countTokens: CountTokens): CountTokens {
  const known = new Map<string, number>();
  return (text) => {
    const found = known.get(text) ?? countTokens(text.slice(0, 20_000));
    known.set(text, found);
    return found;
  };
}
