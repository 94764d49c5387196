/** Changes one place of the text: a path of keys and numbers of entries. */
export type SetKey = (path: readonly (string | number)[], value: unknown) => void;

export const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
