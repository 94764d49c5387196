import type { Item } from "./item.ts";

/** Words in a row, hyphens between them left out. */
export function runOfWords(items: Item[], at: number, most: number): Item[] {
  const run: Item[] = [];
  for (let next = at; next < items.length && run.length < most; next++) {
    const item = items[next]!;
    if (item.kind === "word") run.push(item);
    else if (item.text !== "-" || item.start !== items[next - 1]?.end || items[next + 1]?.start !== item.end)
      break;
  }
  return run;
}
