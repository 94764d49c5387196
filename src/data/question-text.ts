import type { Example } from "../contracts/index.ts";

/** What makes two examples the same question: the conversation without the system message. */
export function questionText(example: Example): string {
  return example.prompt
    .filter((message) => message.role !== "system")
    .map((message) => message.content)
    .join("\n");
}
