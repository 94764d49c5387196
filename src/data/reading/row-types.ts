import type { RowTypeName } from "../../contracts/index.ts";
import { readAlpaca } from "./alpaca.ts";
import { readChat } from "./chat.ts";
import { readPreference } from "./preference.ts";
import { readPromptCompletion } from "./prompt-completion.ts";
import { readQuestionAnswer } from "./question-answer.ts";
import type { Reading } from "./turns.ts";

type Values = Record<string, unknown>;

export interface RowType {
  isIn: (row: Values) => boolean;
  read: (row: Values) => Reading | string;
  /** Keys that it reads; others are told. */
  keys: string[];
}

/** What a row's keys mean, by the names of `type`. The first that fits is meant. */
export const rowTypes: Record<RowTypeName, RowType> = {
  preference: {
    isIn: (row) => "chosen" in row || "rejected" in row || "preferred_output" in row,
    read: readPreference,
    keys: [
      "chosen",
      "rejected",
      "prompt",
      "messages",
      "conversations",
      "instruction",
      "question",
      "input",
      "system",
      "preferred_output",
      "non_preferred_output",
    ],
  },
  chat_template: {
    isIn: (row) => "messages" in row,
    read: (row) => readChat(row, "messages"),
    keys: ["messages", "tools", "parallel_tool_calls"],
  },
  sharegpt: {
    isIn: (row) => "conversations" in row,
    read: (row) => readChat(row, "conversations"),
    keys: ["conversations", "system", "tools", "id"],
  },
  prompt_completion: {
    isIn: (row) => "prompt" in row || "completion" in row,
    read: readPromptCompletion,
    keys: ["prompt", "completion", "response", "system", "label"],
  },
  alpaca: {
    isIn: (row) => ("instruction" in row || "input" in row) && ("output" in row || "response" in row),
    read: readAlpaca,
    keys: ["instruction", "input", "context", "output", "response", "system", "history", "text"],
  },
  question_answer: {
    isIn: (row) =>
      ("question" in row || "query" in row) && ("answer" in row || "answers" in row || "response" in row),
    read: readQuestionAnswer,
    keys: ["question", "query", "answer", "answers", "response", "context", "system", "title"],
  },
};

export const typeOf = (row: Values): RowTypeName | undefined =>
  (Object.keys(rowTypes) as RowTypeName[]).find((name) => rowTypes[name].isIn(row));
