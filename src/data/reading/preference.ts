import { readAlpaca } from "./alpaca.ts";
import { textOf } from "./text-of.ts";
import { asked, lastAnswer, readTurns, toReading, type Reading, type Turn } from "./turns.ts";

/**
 * Preference pairs: TRL's `{"prompt", "chosen", "rejected"}` of texts or of messages, with the prompt inside both where
 * it is not given apart; Anthropic's, whole chats as texts; LLaMA-Factory's, with `conversations` or `instruction`; OpenAI's `preferred_output`.
 */
export function readPreference(row: Record<string, unknown>): Reading | string {
  const [chosenKey, rejectedKey] =
    "preferred_output" in row ? ["preferred_output", "non_preferred_output"] : ["chosen", "rejected"];
  const [chosen, rejected] = [row[chosenKey!], row[rejectedKey!]];
  for (const [key, value] of [
    [chosenKey, chosen],
    [rejectedKey, rejected],
  ]) {
    if ((value ?? undefined) === undefined) return `no pair: "${String(key)}" is missing`;
  }
  const prompt = promptOf(row);
  if (typeof prompt === "string") return prompt;
  const better = answered(prompt, chosen, chosenKey!);
  if (typeof better === "string") return better;
  const worse = answered(prompt, rejected, rejectedKey!);
  if (typeof worse === "string") return worse;
  if (JSON.stringify(better.prompt) !== JSON.stringify(worse.prompt)) {
    return `${chosenKey} and ${rejectedKey} answer different questions`;
  }
  if (better.completion.trim() === worse.completion.trim()) {
    return `${chosenKey} and ${rejectedKey} are the same, so there is nothing to prefer: ${better.completion.slice(0, 60)}`;
  }
  return { ...better, rejected: worse.completion };
}

const given = (message: { role: Turn["role"]; content: string }): Turn => ({ ...message, trained: false });

/** The turns before both answers; none where they are inside both. */
function promptOf(row: Record<string, unknown>): Turn[] | string {
  const input = row["input"] as { messages?: unknown } | string | null | undefined;
  const listed = [
    row["prompt"],
    row["messages"],
    row["conversations"],
    typeof input === "object" ? input?.messages : undefined,
  ];
  const list = listed.find(Array.isArray);
  if (list) return readTurns(list, "prompt");
  const system = textOf(row, ["system"]);
  const question = textOf(row, ["prompt", "question"]);
  if (question !== undefined) return asked(question, system).map(given);
  if ("instruction" in row) {
    const reading = readAlpaca({ ...row, output: "-" });
    return typeof reading === "string" ? reading : reading.prompt.map(given);
  }
  return [];
}

/** The answer as a text, as one message, or as the end of a chat. */
function answered(prompt: Turn[], answer: unknown, key: string): Reading | string {
  if (typeof answer === "string") {
    const turns = prompt.length > 0 ? [] : transcriptTurns(answer);
    if (turns.length > 0) return lastAnswer(turns);
    return prompt.length > 0 ? toReading(prompt, answer) : 'no question: "prompt" is missing';
  }
  const turns = readTurns(Array.isArray(answer) ? answer : [answer], key);
  if (typeof turns === "string") return turns;
  const repeatsPrompt = turns.some(({ role }) => role === "user");
  return lastAnswer(repeatsPrompt ? turns : [...prompt, ...turns]);
}

/** The turns of a chat written as one text, `\\n\\nHuman: ...\\n\\nAssistant: ...`, as Anthropic's hh-rlhf has them. */
function transcriptTurns(text: string): Turn[] {
  const parts = text.split(/(?:^|\n\n)(Human|Assistant): ?/);
  if (parts[0]!.trim() !== "") return [];
  return parts.slice(1).flatMap((part, index): Turn[] => {
    if (index % 2 === 0) return [];
    const role = parts[index] === "Human" ? "user" : "assistant";
    return [{ role, content: part.trim(), trained: true }];
  });
}
