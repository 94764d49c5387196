import type { Message } from "./messages.ts";

/** What a head says of a text. */
export interface Classification {
  /** The label; several parted by `; `; or the number. Empty where no label applies. */
  text: string;
  /** How probable each label is, in the head's order; of a regression the number. */
  scores: { label: string; score: number }[];
  /** Tokens that were read. */
  tokens: number;
}

/** A model with a head, which says one of its labels, or a number. */
export interface Classifier {
  classify(messages: Message[]): Promise<Classification>;
  close(): Promise<void>;
}
