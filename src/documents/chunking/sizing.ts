import { chunkHeader } from "./render-chunk.ts";
import { countAtLeast, type CountTokens } from "./count-tokens.ts";
import { isLowSurrogate } from "./ranges.ts";

/** How much text goes into a chunk, in tokens. */
export interface Sizing {
  /** Most tokens of a chunk's text under these headings. */
  room: (path: string[]) => number;
  /** What repeating this table's head takes from the room; undefined where it is too long to be repeated. */
  headCost: (head: string | undefined, path: string[]) => number | undefined;
  /** Title and headings as a chunk's header has them: the longest of them are cut where they would leave little room. */
  header: (path: string[]) => { title: string; headings: string[] };
  /** Most tokens of a chunk, header and all. */
  limit: number;
  countTokens: CountTokens;
}

/** Text for which there is always room, however small the limit is. */
const leastRoom = 16;
/** A heading that is cut keeps this many characters, or the innermost headings would say nothing. */
const leastHeading = 12;

/**
 * A chunk's text has `target` tokens at most, and with its header `limit`, of which the header takes a third at most. The
 * head of a table takes what is between the two, and then from the text.
 */
export function createSizing(title: string, target: number, limit: number, counted: CountTokens): Sizing {
  const countTokens = countAtLeast(counted);
  const count = remember(countTokens);
  const headers = new Map<string, ReturnType<Sizing["header"]>>();
  const header: Sizing["header"] = (path) => {
    const key = path.join("\0");
    const known = headers.get(key) ?? fitHeader({ title, headings: path }, Math.floor(limit / 3), count);
    headers.set(key, known);
    return known;
  };
  const mostOf = (path: string[]): number =>
    Math.max(leastRoom, limit - count(`${chunkHeader(header(path))}\n`));
  const room = (path: string[]): number => Math.min(target, mostOf(path));
  return {
    room,
    headCost: (head, path) => {
      if (head === undefined) return 0;
      const [tokens, most] = [count(head), mostOf(path)];
      return tokens > most * 0.75 ? undefined : Math.max(0, tokens - (most - room(path)));
    },
    header,
    limit,
    countTokens,
  };
}

/** Cut to the same length, those that are longer; where that is not enough, without the outermost headings. */
function fitHeader(
  whole: { title: string; headings: string[] },
  most: number,
  count: CountTokens,
): { title: string; headings: string[] } {
  let { title, headings } = whole;
  // Of more than that nobody needs a count.
  let length = Math.min(20 * most, Math.max(title.length, ...headings.map((each) => each.length)));
  const cut = () => ({
    title: cutAtWord(title, length),
    headings: headings.map((each) => cutAtWord(each, length)),
  });
  while (count(chunkHeader(cut())) > most) {
    if (length > leastHeading) length = Math.max(leastHeading, Math.floor(length * 0.8));
    else if (headings.length > 0) headings = headings.slice(1);
    else if (length > 1) length--;
    else return { title: "", headings: [] };
  }
  return cut();
}

function cutAtWord(text: string, length: number): string {
  if (text.length <= length) return text;
  const space = text.slice(0, length + 1).search(/\s\S*$/);
  let end = space > length / 2 ? space : length;
  if (isLowSurrogate(text, end)) end--;
  return `${text.slice(0, end).trimEnd()}…`;
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
