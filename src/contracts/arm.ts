import type { Sampling } from "./chat-model.ts";
import type { Answer, Message } from "./messages.ts";
import type { RetrievalSettings } from "./retrieval-config.ts";
import type { TrainingKeys } from "./training-config.ts";

/** What stands around the question: the keys of the table of context builders in arms/. */
export const contextNames = ["none", "passages", "graph"] as const;
export type ContextName = (typeof contextNames)[number];

/** How an answer is made: the keys of the table of answerers in arms/. */
export const answererNames = ["generate", "quote", "classify"] as const;
export type AnswererName = (typeof answererNames)[number];

/** One contender, as data: what it has and another has not. */
export interface ArmSpec {
  /** A slug: its name in files, results and `--arm`. */
  name: string;
  /** A name of `models`, or what one may stand for; absent for `base_model`, or for `embedding_model` where it classifies. */
  model?: string;
  context: ContextName;
  answerer: AnswererName;
  /** How many of the training examples most like the question are shown as earlier turns; none where absent. */
  examples?: number;
  /** What its model is tuned with that `lorag.yaml` does not say for all; absent where it is not tuned. */
  tuning?: Partial<TrainingKeys>;
  /** Folder of an adapter that was trained elsewhere and imported; such an arm has no `tuning`. */
  adapter?: string;
  /** How it finds its passages where `lorag.yaml` says otherwise for all. */
  retrieval?: Partial<RetrievalSettings>;
  /** The model that embeds its passages and questions, in place of the project's. */
  embeddingModel?: string;
  /** Whether figures and names of its answers are held to those of its passages while they are written; so if absent. */
  grounded?: boolean;
  /** `terms`: those of the project's glossary that a question has are shown and checked; `random`: others, as a control. */
  glossary?: "terms" | "random";
  /** In place of the project's. */
  systemPrompt?: string;
  /** The arm that it is tested against besides the best. */
  baseline?: string;
}

/**
 * When an answer that is written is held against its passages. `before`: each sentence before it is told; `after`: text
 * is told as it is written, and the answer may be another text then.
 */
export type Grounding = "before" | "after";

/** One contender that is ready to answer. */
export interface Arm {
  readonly name: string;
  /** `prompt` ends with the user's question. `sampling` is in place of the arm's own, field by field. `onText` hears of the text as it is written only where that cannot be withdrawn, or `grounding` is `after`. */
  answer(
    prompt: Message[],
    options?: {
      sampling?: Partial<Sampling>;
      signal?: AbortSignal;
      onText?: (text: string) => void;
      grounding?: Grounding;
    },
  ): Promise<Answer>;
}
