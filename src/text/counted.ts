/** `1 question`, `1,940 questions`; with a verb, `counted(n, "example is", "examples are")`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
