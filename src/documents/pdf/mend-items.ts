/** A stretch of text as pdf.js tells it. */
export interface Item {
  str: string;
  dir: string;
  width: number;
  fontName: string;
  /** Text space to page: letters are as high as elements 2 and 3 say, and stand at 4 and 5; points. */
  transform: number[];
}

/** Stretches with spaces joined to what follows, and ligatures as letters. */
export const mendItems = (items: Item[]): Item[] => joinSpaces(mendLigatures(items));

/**
 * Fonts made with TeX hold ligatures at the places of control characters, and some files say no more of them. Between
 * two letters, it is told by its width which one it is.
 */
function mendLigatures(items: Item[]): Item[] {
  return items.map((item, index) => {
    // oxlint-disable-next-line no-control-regex -- they are what is replaced
    if (!/^[\0-\u001f↵]$/.test(item.str)) return item;
    const [before, after] = [items[index - 1]?.str ?? "", items[index + 1]?.str ?? ""];
    if (!/\p{L}$/u.test(before) || !/^\p{L}/u.test(after)) return item;
    const width = item.width / Math.max(1, Math.hypot(item.transform[2]!, item.transform[3]!));
    return { ...item, str: item.str === "↵" ? "ff" : width > 0.75 ? "ffi" : width > 0.57 ? "ff" : "fi" };
  });
}

/** A drawn space is one before the next letters: as a piece of its own it would lie between cells. */
function joinSpaces(items: Item[]): Item[] {
  let isApart = false;
  return items.flatMap((item) => {
    if (item.str.trim() === "") {
      isApart ||= item.str !== "";
      return [];
    }
    const str = isApart ? ` ${item.str}` : item.str;
    isApart = false;
    return [{ ...item, str }];
  });
}
