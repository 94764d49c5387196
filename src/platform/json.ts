/** The value that a text is the JSON of; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The values of a file of JSON lines. A line that a killed run left half-written is no value. */
export const parseJsonLines = (text: string): unknown[] =>
  text
    .split("\n")
    .map(parseJson)
    .filter((value) => value !== undefined);
