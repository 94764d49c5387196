import { inBrief } from "../../contracts/index.ts";

/** A text, `undefined` where it is absent or null; throws a string that says what is wrong. */
export function textOf(row: Record<string, unknown>, keys: string[], isNeeded: true): string;
export function textOf(row: Record<string, unknown>, keys: string[], isNeeded?: false): string | undefined;
export function textOf(row: Record<string, unknown>, keys: string[], isNeeded = false): string | undefined {
  const key =
    keys.find((one) => (row[one] ?? undefined) !== undefined) ?? keys.find((one) => one in row) ?? keys[0]!;
  const value = row[key];
  if (typeof value === "string") return value;
  if (!isNeeded && (value ?? undefined) === undefined) return undefined;
  throw new BadValue(key in row ? `${key} must be a string, got ${inBrief(value)}` : `"${key}" is missing`);
}

/** What is wrong with a row; caught where rows are read. */
export class BadValue extends Error {}
