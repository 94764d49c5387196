import type { Arm, ArmSpec } from "../contracts/index.ts";
import type { Answerer, Asked } from "./answerer.ts";
import { answererOf } from "./answerers.ts";
import type { ArmParts } from "./arm-parts.ts";
import { contextOf } from "./contexts.ts";
import { questionOf, type PromptStyle } from "./prompt.ts";
import { withTerms } from "./with-terms.ts";

/**
 * An arm finds what its context shows, and its answerer makes the answer. Where passages are to bear the answer out and
 * none was found, it is the abstention. Throws what its answerer throws.
 */
export function createArm(spec: ArmSpec, parts: ArmParts): Arm {
  const context = contextOf(spec);
  const makeAnswer = answererOf(spec);
  const { glossary } = spec;
  const make = (asked: Asked): ReturnType<Answerer> =>
    glossary
      ? withTerms(glossary, asked, parts, (again) => makeAnswer(again, parts))
      : makeAnswer(asked, parts);
  return {
    name: spec.name,
    answer: async (prompt, options = {}) => {
      const began = performance.now();
      const question = questionOf(prompt);
      const hits = await context.find(question, parts);
      const examples = spec.examples ? await parts.similar(question) : [];
      const foundMs = performance.now() - began;
      const isGrounded = context.retrieves;
      const made =
        isGrounded && hits.length === 0
          ? nothingFound(parts.style)
          : await make({ prompt, question, hits, examples, isGrounded, ...options });
      return {
        ...made,
        latencyMs: performance.now() - began,
        firstTokenMs: foundMs + made.firstTokenMs,
      };
    },
  };
}

/** Nothing can be said then: the model is not asked. */
const nothingFound = ({ abstainAnswer }: PromptStyle): Awaited<ReturnType<Answerer>> => ({
  text: abstainAnswer,
  abstained: true,
  citations: [],
  hits: [],
  usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
  firstTokenMs: 0,
});
