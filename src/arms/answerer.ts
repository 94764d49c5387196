import type { Answer, Example, Grounding, Hit, Message, Sampling } from "../contracts/index.ts";
import type { ArmParts } from "./arm-parts.ts";

/** One question, with what was found for it. */
export interface Asked {
  /** Ends with the user's question. */
  prompt: Message[];
  question: string;
  hits: Hit[];
  /** Examples to show as earlier turns, the nearest to the question first. */
  examples: Example[];
  /** What stands after the question: terms to use, what was wrong with a first answer. */
  instructions?: string;
  /** The answer is to rest on the hits. */
  isGrounded: boolean;
  /** In place of the arm's own, field by field. */
  sampling?: Partial<Sampling>;
  signal?: AbortSignal;
  onText?: (text: string) => void;
  grounding?: Grounding;
}

/** Makes an answer; `firstTokenMs` counts from its call. */
export type Answerer = (asked: Asked, parts: ArmParts) => Promise<Omit<Answer, "latencyMs">>;
