import { inBrief } from "../../contracts/index.ts";

/** A JSON object, with notes on what of it was mended or lost; or what is wrong with it. */
export type ParsedJson = { value: Record<string, unknown>; notes: string[] } | { problem: string };

/** Parses the text of one record. */
export function parseJson(text: string): ParsedJson {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { problem: `not JSON (${(error as Error).message}): ${brief(text)}${hintFor(text)}` };
  }
  // A chat without a name around it, as some of Unsloth's guides have them.
  if (Array.isArray(parsed) && parsed.length > 0 && parsed.every(isTurn)) parsed = { conversations: parsed };
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { problem: `not a JSON object: ${brief(text)}` };
  }
  const notes = repeatedKeys(text, parsed).map(
    (key) => `${inBrief(key)} is there twice, and the last one was read`,
  );
  if (!/\\u[dD][89a-fA-F]/.test(text)) return { value: parsed as Record<string, unknown>, notes };
  const value = mapStrings(parsed, (string) => string.replace(/\p{Cs}/gu, "\uFFFD"));
  if (JSON.stringify(value) !== JSON.stringify(parsed)) {
    notes.push("half of a surrogate pair is no character and was replaced by U+FFFD");
  }
  return { value: value as Record<string, unknown>, notes };
}

/** An object that says whose words it holds. */
export const isTurn = (item: unknown): boolean =>
  typeof item === "object" && item !== null && ("role" in item || "from" in item);

const brief = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** What writers of JSON by hand, and of Python, get wrong most often. */
function hintFor(text: string): string {
  const trimmed = text.trim();
  if (/[}\]]\s*,$/.test(trimmed)) return "; there is a comma behind it, which goes";
  if (/,\s*[}\]]/.test(trimmed)) return "; a comma before a closing bracket goes";
  if (/^\{\s*'/.test(trimmed)) return "; names and texts take double quotes";
  if (/:\s*(?:NaN|-?Infinity|None|True|False)\b/.test(trimmed)) {
    return "; JSON has null, true and false, and no NaN, None or Infinity";
  }
  return "";
}

/** Keys that an object of `text` has twice: JSON.parse keeps the last without a word. */
function repeatedKeys(text: string, parsed: object): string[] {
  const counts = new Map<string, number>();
  for (const [, key, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/gs)) {
    if (colon === undefined) continue;
    const name = JSON.parse(key!) as string;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    for (const [key, inner] of Object.entries(value)) {
      counts.set(key, (counts.get(key) ?? 0) - 1);
      visit(inner);
    }
  };
  visit(parsed);
  return [...counts].filter(([, count]) => count > 0).map(([key]) => key);
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), mapStrings(inner, change)]),
  );
}
