import { asked, lastAnswer, readTurns, type Reading } from "./turns.ts";
import { textOf } from "./text-of.ts";

/** OpenAI's chat lines, `{"messages": [{"role", "content"}]}`, and ShareGPT's, `{"conversations": [{"from", "value"}]}`. */
export function readChat(row: Record<string, unknown>, key: "messages" | "conversations"): Reading | string {
  const turns = readTurns(row[key], key);
  if (typeof turns === "string") return turns;
  const system = key === "conversations" ? textOf(row, ["system"]) : undefined;
  const before = asked("", system)
    .slice(0, -1)
    .map((message) => ({ ...message, trained: false }));
  return lastAnswer([...before, ...turns]);
}
