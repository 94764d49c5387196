import type { ChatModel, Hit, Sampling } from "../contracts/index.ts";
import type { Cite } from "./ground-answer.ts";
import type { PromptStyle } from "./prompt.ts";

/** What an arm is made of. Arms of a comparison that have the same model get the same one. */
export interface ArmParts {
  generator: ChatModel;
  /** Under which its adapter is loaded; absent where the model is not tuned. */
  adapter?: string;
  style: PromptStyle;
  sampling: Partial<Sampling>;
  /** The passages that an arm with retrieval shows, best first. */
  retrieve: (question: string) => Promise<Hit[]>;
  cite: Cite;
}
