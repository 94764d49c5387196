/** `1 question`, `2 questions`; with a verb, `counted(n, "example is", "examples are")`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
