import type { ChatAnswer } from "../../../../src/contracts/index.ts";

// What the chat keeps of itself, told apart from what somebody or an older page may have left in its place.

export interface Turn {
  text: string;
  /** Who was asked. */
  models: string[];
  /** When: no other turn has it, so that no stored answer is taken for another's. */
  number: number;
}

export interface Answering {
  isAsked: boolean;
  /** So far. */
  text: string;
  answer?: ChatAnswer;
  error?: { message: string; next: string };
}

const isRecord = (found: unknown): found is Record<string, unknown> =>
  typeof found === "object" && found !== null;

const has = (found: Record<string, unknown>, kind: "string" | "number", ...keys: string[]): boolean =>
  keys.every((key) => typeof found[key] === kind);

const isListOf =
  <Value>(is: (one: unknown) => one is Value) =>
  (found: unknown): found is Value[] =>
    Array.isArray(found) && found.every(is);

export const isText = (found: unknown): found is string => typeof found === "string";

export const isTexts = isListOf(isText);

export const isTurns = isListOf(
  (found): found is Turn =>
    isRecord(found) &&
    has(found, "string", "text") &&
    has(found, "number", "number") &&
    isTexts(found["models"]),
);

export const isAnswering = (found: unknown): found is Answering =>
  isRecord(found) &&
  typeof found["isAsked"] === "boolean" &&
  has(found, "string", "text") &&
  (found["answer"] === undefined || isAnswer(found["answer"])) &&
  (found["error"] === undefined ||
    (isRecord(found["error"]) && has(found["error"], "string", "message", "next")));

const isPassages = isListOf(
  (one): one is ChatAnswer["passages"][number] =>
    isRecord(one) && has(one, "string", "id", "documentId", "title", "text") && has(one, "number", "start"),
);

const isCitations = isListOf(
  (one): one is ChatAnswer["citations"][number] =>
    isRecord(one) &&
    has(one, "string", "chunkId", "documentId", "title", "verdict") &&
    has(one, "number", "marker", "start") &&
    isTexts(one["headings"]),
);

const isAnswer = (found: unknown): found is ChatAnswer =>
  isRecord(found) &&
  has(found, "string", "text", "currency") &&
  has(found, "number", "promptTokens", "completionTokens", "latencyMs", "firstTokenMs", "cost") &&
  isPassages(found["passages"]) &&
  isCitations(found["citations"]);
