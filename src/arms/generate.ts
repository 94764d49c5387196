import { LoragError, greedy, type Generation, type Hit } from "../contracts/index.ts";
import type { Answerer } from "./answerer.ts";
import { groundAnswer, tidyMarkers } from "./ground-answer.ts";
import { isAbstention } from "../text/index.ts";
import { renderPrompt } from "./prompt.ts";

/** A model that has answered from passages likes to go on with a question of its own, as the prompt puts one. */
const nextQuestion = ["\nQuestion:"];

/**
 * The model writes. An answer that is to rest on passages leaves with a citation that bears it out, all of it or the
 * sentences that one does; where nothing shown bears any of it out, it is the abstention.
 * Passages that leave no room for the answer are left out, the last first.
 * Throws LORAG_PROMPT_TOO_LONG where the model's context has no room for the question and one passage.
 */
export const generate: Answerer = async (
  { prompt, question, hits: found, isGrounded, signal, onText },
  parts,
) => {
  const { generator, adapter, style, sampling } = parts;
  const ask = (hits: Hit[]): Promise<Generation> =>
    generator.generate({
      messages: renderPrompt(
        prompt,
        style,
        hits.map((hit) => hit.chunk),
      ),
      sampling: isGrounded ? { ...sampling, stop: nextQuestion } : sampling,
      ...(adapter !== undefined && { adapter }),
      ...(signal && { signal }),
      // What is written from passages may yet be withdrawn.
      ...(onText && !isGrounded && { onText }),
    });
  const { generation, hits } = await fitContext(found, ask, sampling.maxTokens ?? greedy.maxTokens);
  const written = isGrounded ? tidyMarkers(generation.text) : generation.text.trim();
  const grounded =
    isGrounded && !isAbstention(written, style.abstainAnswer)
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
    ...(generation.cost !== undefined && { cost: generation.cost }),
    firstTokenMs: generation.firstTokenMs,
  };
};

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
