import type { ChatModel, Classifier, Example, Hit, Sampling } from "../contracts/index.ts";
import type { Glossary } from "../glossary/index.ts";
import type { Cite } from "./ground-answer.ts";
import type { PromptStyle } from "./prompt.ts";

/** What an arm is made of. Arms of a comparison that have the same model get the same one. */
export interface ArmParts {
  /** Opened when it is first asked: an arm that quotes needs none. */
  model: () => Promise<ChatModel>;
  /** The model with its head, of an arm that classifies. */
  classifier: () => Promise<Classifier>;
  /** Under which its adapter is loaded; absent where the model is not tuned. */
  adapter?: string;
  /** Answers from passages are held to their figures and names while they are written: a model of this machine can be. */
  isHeld: boolean;
  style: PromptStyle;
  sampling: Partial<Sampling>;
  /** The passages that an arm with retrieval shows, best first. */
  retrieve: (question: string) => Promise<Hit[]>;
  /** The training examples most like the question, the nearest first. */
  similar: (question: string) => Promise<Example[]>;
  /** Unit vectors of texts, as the index has them of passages. */
  embed: (texts: string[], as: "query" | "passage") => Promise<Float32Array[]>;
  cite: Cite;
  /** Of the project; needed by an arm that uses it. */
  glossary?: () => Promise<Glossary>;
  /** Tokens of a word, where the model counts them itself. */
  pieces?: (word: string) => Promise<number>;
}
