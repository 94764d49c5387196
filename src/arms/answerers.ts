import type { AnswererName, ArmSpec } from "../contracts/index.ts";
import type { Answerer } from "./answerer.ts";
import { classify } from "./classify.ts";
import { generate } from "./generate.ts";
import { quote } from "./quote.ts";

/** A new way to answer is a row here and a name in the contract. */
const answerers: Record<AnswererName, { makeAnswer: Answerer; usesModel: boolean }> = {
  generate: { makeAnswer: generate, usesModel: true },
  quote: { makeAnswer: quote, usesModel: false },
  classify: { makeAnswer: classify, usesModel: true },
};

export const answererOf = ({ answerer }: Pick<ArmSpec, "answerer">): Answerer =>
  answerers[answerer].makeAnswer;

/** Whether an arm asks a model: one that writes, or one with a head. */
export const usesModel = ({ answerer }: Pick<ArmSpec, "answerer">): boolean => answerers[answerer].usesModel;
