/** A parsed value; numbers are kept as they are written, since a long one would lose its last digits. */
export type JsonValue = string | WrittenNumber | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export class WrittenNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

const mark = "\u0000number:";

/** Throws a SyntaxError where the text is no JSON. */
export function readJson(text: string): JsonValue {
  JSON.parse(text);
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(mark + token),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? new WrittenNumber(value.slice(mark.length)) : value,
  ) as JsonValue;
}

export const isRecord = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);

/** A value that is one word or line; undefined for lists and records. */
export function plainValue(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return "";
  if (value instanceof WrittenNumber) return value.digits;
  if (typeof value === "string") return value;
  return typeof value === "boolean" ? String(value) : undefined;
}
