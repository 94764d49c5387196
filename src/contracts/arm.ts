import type { Answer, Message } from "./messages.ts";

export const armNames = ["base", "rag", "tuned", "tuned-rag"] as const;
export type ArmName = (typeof armNames)[number];

/** One contender. */
export interface Arm {
  readonly name: ArmName;
  /** `prompt` ends with the user's question. `onText` hears of the text as it is written only where that cannot be withdrawn. */
  answer(
    prompt: Message[],
    options?: { signal?: AbortSignal; onText?: (text: string) => void },
  ): Promise<Answer>;
}
