import { inBrief, type Message } from "../../contracts/index.ts";
import { parseJson } from "../../platform/index.ts";
import { likeness } from "../../text/index.ts";

/** A message of a chat; `trained` is false where its line says that it is no answer to learn. */
export interface Turn extends Message {
  trained: boolean;
}

/** What a row comes to: an example without its id, or what is wrong with it. */
export interface Reading {
  prompt: Message[];
  completion: string;
  rejected?: string;
  accept?: string[];
}

const roles: Record<string, Message["role"]> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
  model: "assistant",
  bot: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
};
const toolKeys = ["tool_calls", "function_call"];

/** Keys of a message, in OpenAI's form and in ShareGPT's; what is not in them is told. */
export const turnKeys = [
  "role",
  "from",
  "content",
  "value",
  "weight",
  "train",
  "loss",
  "name",
  "tool_call_id",
  "refusal",
  "audio",
  ...toolKeys,
];

/** The messages of a list called `key`, or what is wrong with them. */
export function readTurns(given: unknown, key: string): Turn[] | string {
  // A column of a table holds the list as text.
  const list = typeof given === "string" && given.startsWith("[") ? (parseJson(given) ?? given) : given;
  if (!Array.isArray(list)) return `${key} must be a list of messages, got ${inBrief(list)}`;
  const turns: Turn[] = [];
  for (const [index, item] of list.entries()) {
    const where = `${key}[${index}]`;
    if (typeof item !== "object" || item === null) return `${where} must be a message, got ${inBrief(item)}`;
    const message = item as Record<string, unknown>;
    const roleKey = "role" in message || !("from" in message) ? "role" : "from";
    const role = roles[String(message[roleKey]).trim().toLowerCase()];
    if (!role) {
      return `${where}.${roleKey} must be system, user or assistant, got ${inBrief(message[roleKey])}${toolHint(message)}${roleHint(message[roleKey])}`;
    }
    if (toolKeys.some((tool) => (message[tool] ?? undefined) !== undefined)) {
      return `${where} calls a tool, and tool calls are not trained on`;
    }
    const contentKey = "content" in message || !("value" in message) ? "content" : "value";
    const content = readContent(message[contentKey], `${where}.${contentKey}`);
    if (typeof content !== "object") return content;
    const trained = isTrained(message);
    if (typeof trained === "string") return `${where}.${trained}`;
    turns.push({ role, content: content.text, trained });
  }
  return turns;
}

const toolHint = ({ role, from }: Record<string, unknown>): string =>
  ["tool", "function", "function_call", "observation"].includes(String(role ?? from))
    ? "; tool calls are not trained on"
    : "";

/** `assistent`: by a letter or two another role. */
function roleHint(given: unknown): string {
  const meant = Object.keys(roles).find((role) => likeness(role, String(given)) >= 0.75);
  return meant === undefined ? "" : ` (did you mean "${meant}"?)`;
}

/** Text, or a list of parts that are text. */
function readContent(content: unknown, where: string): { text: string } | string {
  if (typeof content === "string") return { text: content };
  if (!Array.isArray(content)) return `${where} must be a string, got ${inBrief(content)}`;
  const texts: string[] = [];
  for (const part of content as unknown[]) {
    const { type, text } = (typeof part === "object" && part !== null ? part : { text: part }) as Record<
      string,
      unknown
    >;
    if ((type !== undefined && type !== "text") || typeof text !== "string") {
      return `${where} must be text, got a part ${inBrief(part)}`;
    }
    texts.push(text);
  }
  return { text: texts.join("") };
}

/** OpenAI's `weight` of 0 or 1, Axolotl's `train` and AgentInstruct's `loss` of false or true. */
function isTrained({ weight, train, loss }: Record<string, unknown>): boolean | string {
  if (![undefined, null, 0, 1].includes(weight as number))
    return `weight must be 0 or 1, got ${inBrief(weight)}`;
  for (const [key, value] of Object.entries({ train, loss })) {
    if (![undefined, null, true, false].includes(value as boolean))
      return `${key} must be true or false, got ${inBrief(value)}`;
  }
  return weight !== 0 && train !== false && loss !== false;
}

/** The last answer that is trained, and what comes before it. */
export function lastAnswer(turns: Turn[]): Reading | string {
  const last = turns.at(-1);
  if (last?.role !== "assistant") {
    return `no answer: the last message must be the assistant's (it is ${last ? `the ${last.role}'s` : "missing"})`;
  }
  const place = turns.findLastIndex(({ role, trained }) => role === "assistant" && trained);
  if (place < 0) return "no answer: none of the assistant's messages is to be trained (weight 0)";
  const before = turns[place - 1]?.role;
  if (before !== "user") {
    return `the answer must follow a user message${before ? `, and follows the ${before}'s` : ""}`;
  }
  return toReading(turns.slice(0, place), turns[place]!.content);
}

/** Checks that there is something to ask and to learn. System messages at the start become one. */
export function toReading(turns: Message[], completion: string): Reading | string {
  if (completion.trim() === "") return "no answer: the completion is empty";
  if (turns.findLast(({ role }) => role === "user")?.content.trim() === "") return "the question is empty";
  const messages = turns.map(({ role, content }) => ({ role, content }));
  const first = messages.findIndex(({ role }) => role !== "system");
  const system = messages.slice(0, first).map(({ content }) => content);
  return {
    prompt: [
      ...(system.some((content) => content.trim() !== "")
        ? [{ role: "system" as const, content: system.join("\n\n") }]
        : []),
      ...messages.slice(first),
    ],
    completion,
  };
}

/** What the user asks, after an optional system message and earlier turns. */
export const asked = (question: string, system?: string, before: Message[] = []): Message[] => [
  ...(system !== undefined && system.trim() !== "" ? [{ role: "system" as const, content: system }] : []),
  ...before,
  { role: "user", content: question },
];
