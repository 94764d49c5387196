import type { Arm, ArmName, Generator, Hit, Sampling } from "../contracts/index.ts";
import { groundAnswer, type Cite } from "./ground-answer.ts";
import { isAbstention } from "./is-abstention.ts";
import { questionOf, renderPrompt, type PromptStyle } from "./prompt.ts";

/** What arms are made of. Every arm of a comparison gets the same parts. */
export interface ArmParts {
  generator: Generator;
  style: PromptStyle;
  sampling: Partial<Sampling>;
  /** The passages that arms with retrieval show, best first. */
  retrieve: (question: string) => Promise<Hit[]>;
  cite: Cite;
}

/** What one arm has and another has not. */
export interface ArmTraits {
  name: ArmName;
  retrieves: boolean;
  /** The name that its adapter was loaded under; absent for the base model. */
  adapter?: string;
}

/**
 * An arm shows the model the passages found, if it retrieves, and lets it write. Where it retrieves, the answer leaves
 * with a citation that bears it out; where nothing was found, or nothing found bears it out, it is the abstention.
 */
export function createArm(parts: ArmParts, traits: ArmTraits): Arm {
  const { generator, style, sampling } = parts;
  return {
    name: traits.name,
    answer: async (prompt, options = {}) => {
      const began = performance.now();
      const hits = traits.retrieves ? await parts.retrieve(questionOf(prompt)) : [];
      const retrievedMs = performance.now() - began;
      if (traits.retrieves && hits.length === 0) return abstainAtOnce(style, retrievedMs);
      const passages = hits.map((hit) => hit.chunk);
      const generation = await generator.generate({
        messages: renderPrompt(prompt, style, passages),
        sampling,
        ...(traits.adapter && { adapter: traits.adapter }),
        ...options,
      });
      const written = generation.text.trim();
      const grounded =
        traits.retrieves && !isAbstention(written, style.abstainAnswer)
          ? groundAnswer(written, hits, parts.cite)
          : { text: written, citations: [] };
      const text = grounded?.text || style.abstainAnswer;
      const abstained = isAbstention(text, style.abstainAnswer);
      return {
        text,
        abstained,
        citations: grounded?.citations ?? [],
        hits,
        usage: generation.usage,
        latencyMs: performance.now() - began,
        firstTokenMs: retrievedMs + generation.firstTokenMs,
      };
    },
  };
}

/** Nothing was found, so nothing can be said: the model is not asked. */
function abstainAtOnce(style: PromptStyle, latencyMs: number): Awaited<ReturnType<Arm["answer"]>> {
  return {
    text: style.abstainAnswer,
    abstained: true,
    citations: [],
    hits: [],
    usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    latencyMs,
    firstTokenMs: latencyMs,
  };
}
