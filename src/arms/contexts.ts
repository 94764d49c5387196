import type { ArmSpec, ContextName, Hit } from "../contracts/index.ts";
import type { ArmParts } from "./arm-parts.ts";

/** What stands around the question. */
export interface ContextBuilder {
  /** Answers rest on the passages found, and on them alone. */
  retrieves: boolean;
  find: (question: string, parts: ArmParts) => Promise<Hit[]>;
}

/** A new context is a row here and a name in the contract. */
const contexts: Record<ContextName, ContextBuilder> = {
  none: { retrieves: false, find: () => Promise.resolve([]) },
  passages: { retrieves: true, find: (question, { retrieve }) => retrieve(question) },
  graph: { retrieves: true, find: (question, { retrieve }) => retrieve(question) },
};

export const contextOf = (spec: Pick<ArmSpec, "context">): ContextBuilder => contexts[spec.context];

/** Whether an arm shows the model passages. */
export const retrieves = (spec: Pick<ArmSpec, "context">): boolean => contextOf(spec).retrieves;
