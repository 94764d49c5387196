import {
  LoragError,
  greedy,
  type Arm,
  type ArmName,
  type Generation,
  type ChatModel,
  type Hit,
  type Sampling,
} from "../contracts/index.ts";
import { groundAnswer, tidyMarkers, type Cite } from "./ground-answer.ts";
import { isAbstention } from "../text/index.ts";
import { questionOf, renderPrompt, type PromptStyle } from "./prompt.ts";

/** What arms are made of. Every arm of a comparison gets the same parts. */
export interface ArmParts {
  generator: ChatModel;
  style: PromptStyle;
  sampling: Partial<Sampling>;
  /** The passages that arms with retrieval show, best first. */
  retrieve: (question: string) => Promise<Hit[]>;
  cite: Cite;
}

/** What one arm has and another has not. */
export interface ArmTraits {
  name: ArmName;
  /** Shows the model passages. */
  retrieves: boolean;
  /** Has an adapter of its own, loaded under the arm's name. */
  tuned: boolean;
}

/**
 * An arm shows the model the passages found, if it retrieves, and lets it write. Where it retrieves, the answer leaves
 * with a citation that bears it out, all of it or the sentences that one does; where nothing was found, or nothing found
 * bears any of it out, it is the abstention.
 * Passages that leave no room for the answer are left out, the last first.
 * Throws LORAG_PROMPT_TOO_LONG where the model's context has no room for the question and one passage.
 */
export function createArm(parts: ArmParts, traits: ArmTraits): Arm {
  const { generator, style, sampling } = parts;
  return {
    name: traits.name,
    answer: async (prompt, { signal, onText } = {}) => {
      const began = performance.now();
      const question = questionOf(prompt);
      const found = traits.retrieves ? await parts.retrieve(question) : [];
      const retrievedMs = performance.now() - began;
      if (traits.retrieves && found.length === 0) return abstainAtOnce(style, retrievedMs);
      const ask = (hits: Hit[]): Promise<Generation> =>
        generator.generate({
          messages: renderPrompt(
            prompt,
            style,
            hits.map((hit) => hit.chunk),
          ),
          sampling: traits.retrieves ? { ...sampling, stop: nextQuestion } : sampling,
          ...(traits.tuned && { adapter: traits.name }),
          ...(signal && { signal }),
          // What is written from passages may yet be withdrawn.
          ...(onText && !traits.retrieves && { onText }),
        });
      const { generation, hits } = await fitContext(found, ask, sampling.maxTokens ?? greedy.maxTokens);
      const written = traits.retrieves ? tidyMarkers(generation.text) : generation.text.trim();
      const grounded =
        traits.retrieves && !isAbstention(written, style.abstainAnswer)
          ? groundAnswer(written, hits, question, parts.cite)
          : { text: written, citations: [], isWhole: true };
      const text = grounded?.text || style.abstainAnswer;
      const abstained = isAbstention(text, style.abstainAnswer);
      return {
        text,
        abstained,
        ...(!grounded?.isWhole && { withdrawn: written }),
        citations: abstained ? [] : (grounded?.citations ?? []),
        hits,
        usage: generation.usage,
        latencyMs: performance.now() - began,
        firstTokenMs: retrievedMs + generation.firstTokenMs,
      };
    },
  };
}

/** A model that has answered from passages likes to go on with a question of its own, as the prompt puts one. */
const nextQuestion = ["\nQuestion:"];

/**
 * Asks with all that was found, or, where the model's context is too small for that and an answer of `maxTokens`,
 * without the last of it. An answer that ends by itself needs no more room than it took.
 */
async function fitContext(
  found: Hit[],
  ask: (hits: Hit[]) => Promise<Generation>,
  maxTokens: number,
): Promise<{ generation: Generation; hits: Hit[] }> {
  for (let count = found.length; ; count--) {
    const hits = found.slice(0, count);
    try {
      const generation = await ask(hits);
      const cutOff = generation.finishReason === "length" && generation.usage.completionTokens < maxTokens;
      if (!cutOff || count <= 1) return { generation, hits };
    } catch (error) {
      const tooLong = error instanceof LoragError && error.code === "LORAG_PROMPT_TOO_LONG";
      if (!tooLong || count <= 1) throw error;
    }
  }
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
