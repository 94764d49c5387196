/** What a model that answers in JSON calls its answer. */
const answerKeys = [
  "answer",
  "final_answer",
  "finalAnswer",
  "result",
  "response",
  "value",
  "label",
  "output",
];

/** The JSON object or list that a text is, within a fence or by itself; undefined where it is none. */
export function jsonOf(text: string): object | undefined {
  const whole = text.trim();
  const inside = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/u.exec(whole)?.[1] ?? whole;
  if (!/^\s*[[{]/u.test(inside)) return undefined;
  try {
    const value: unknown = JSON.parse(inside);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `Oslo` of `{"answer": "Oslo"}`: what an object says where it says one thing, or calls one its answer. */
export function valueOf(json: object): string | undefined {
  if (Array.isArray(json)) return undefined;
  const keys = Object.keys(json);
  const key = answerKeys.find((name) => name in json) ?? (keys.length === 1 ? keys[0] : undefined);
  const value: unknown = key === undefined ? undefined : (json as Record<string, unknown>)[key];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** Equal for values that are equal, whatever the order of their keys. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
