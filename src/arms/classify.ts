import type { Answerer } from "./answerer.ts";

/** A head says its label: no text is written, and nothing but the question is read. */
export const classify: Answerer = async ({ prompt }, { classifier }) => {
  const began = performance.now();
  const { text, tokens } = await (await classifier()).classify(prompt);
  return {
    text,
    abstained: false,
    citations: [],
    hits: [],
    usage: { promptTokens: tokens, completionTokens: 0, cachedTokens: 0 },
    firstTokenMs: performance.now() - began,
  };
};
