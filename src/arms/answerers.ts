import type { Answer, AnswererName, Hit, Message } from "../contracts/index.ts";
import type { ArmParts } from "./arm-parts.ts";
import { generate } from "./generate.ts";

/** One question, with what was found for it. */
export interface Asked {
  /** Ends with the user's question. */
  prompt: Message[];
  question: string;
  hits: Hit[];
  /** The answer is to rest on the hits. */
  isGrounded: boolean;
  signal?: AbortSignal;
  onText?: (text: string) => void;
}

/** Makes an answer; `firstTokenMs` counts from its call. */
export type Answerer = (asked: Asked, parts: ArmParts) => Promise<Omit<Answer, "latencyMs">>;

/** A new way to answer is a row here and a name in the contract. */
export const answerers: Record<AnswererName, Answerer> = { generate };
