/** Letters this many times as large as the body's make a heading. */
export const headingScale = 1.12;

/** The height that most letters have. */
export function bodySize(lines: { text: string; size: number }[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}
