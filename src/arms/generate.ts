import {
  LoragError,
  greedy,
  type Chunk,
  type Constraint,
  type Generation,
  type Hit,
  type Message,
} from "../contracts/index.ts";
import { chunkText } from "../documents/index.ts";
import type { Answerer, Asked } from "./answerer.ts";
import { groundAnswer, tidyMarkers } from "./ground-answer.ts";
import { isAbstention } from "../text/index.ts";
import { createSentenceStream, type SentenceStream } from "./sentence-stream.ts";
import { renderPrompt, type PromptStyle } from "./prompt.ts";

/** A model that has answered from passages likes to go on with a question of its own, as the prompt puts one. */
const nextQuestion = ["\nQuestion:"];

/**
 * The model writes. An answer that is to rest on passages leaves with a citation that bears it out, all of it or the
 * sentences that one does; where nothing shown bears any of it out, it is the abstention.
 * Passages that leave no room for the answer are left out, the last first.
 * Throws LORAG_PROMPT_TOO_LONG where the model's context has no room for the question and one passage.
 */
export const generate: Answerer = async (asked, parts) => {
  const { prompt, question, isGrounded, signal, onText, grounding } = asked;
  const { adapter, style } = parts;
  const sampling = { ...parts.sampling, ...asked.sampling };
  const model = await parts.model();
  let sentences: SentenceStream | undefined;
  let hasBegun = false;
  const tell =
    onText &&
    ((text: string): void => {
      hasBegun = true;
      onText(text);
    });
  const ask = ({ hits, examples }: Shown): Promise<Generation> => {
    const passages = hits.map(({ chunk }) => chunk);
    if (tell && isGrounded && grounding !== "after") {
      sentences = createSentenceStream(hits, question, parts.cite, tell);
    }
    return model.generate({
      messages: withInstructions(renderPrompt(prompt, style, passages, examples), asked.instructions),
      ...(isGrounded && parts.isHeld && { constraint: heldTo(prompt, style, passages, asked.instructions) }),
      sampling: isGrounded
        ? { ...sampling, stop: [...nextQuestion, ...(asked.sampling?.stop ?? [])] }
        : sampling,
      ...(adapter !== undefined && { adapter }),
      ...(signal && { signal }),
      // What is written from passages may yet be withdrawn.
      ...(tell && { onText: sentences?.push ?? tell }),
    });
  };
  const { generation, hits } = await fitContext(
    asked,
    ask,
    sampling.maxTokens ?? greedy.maxTokens,
    () => hasBegun,
  );
  const written = isGrounded ? tidyMarkers(generation.text) : generation.text.trim();
  const grounded =
    isGrounded && !isAbstention(written, style.abstainAnswer)
      ? groundAnswer(written, hits, question, parts.cite, isCutOff(generation))
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

/** Terms to use stand last, after the question. */
const withInstructions = (messages: Message[], instructions?: string): Message[] =>
  instructions === undefined
    ? messages
    : [...messages.slice(0, -1), { role: "user", content: `${messages.at(-1)!.content}\n\n${instructions}` }];

/** Examples are left out: their figures answer other questions. So are the numbers of the passages. */
const heldTo = (
  prompt: Message[],
  { abstainAnswer }: PromptStyle,
  passages: Chunk[],
  instructions = "",
): Constraint => ({
  kind: "grounded",
  texts: [...passages.map(chunkText), ...prompt.map(({ content }) => content), instructions, abstainAnswer],
  markers: passages.length,
});

/** The model had no room to end. A text that goes on to a citation, be it half of one, had ended. */
const isCutOff = ({ finishReason, text }: Generation): boolean =>
  finishReason === "length" && !/\[[\d, ]*$/.test(text);

/** What stands around the question. */
type Shown = Pick<Asked, "hits" | "examples">;

/**
 * Asks with all that was found, or, where the model's context is too small for that and an answer of `maxTokens`,
 * without the examples least like the question, then without the last of the passages. An answer that ends by itself
 * needs no more room than it took.
 */
async function fitContext(
  { hits, examples }: Shown,
  ask: (shown: Shown) => Promise<Generation>,
  maxTokens: number,
  hasBegun: () => boolean,
): Promise<{ generation: Generation; hits: Hit[] }> {
  const least = Math.min(1, hits.length);
  for (let shown: Shown = { hits, examples }; ; shown = withLess(shown)) {
    const isLeast = shown.examples.length === 0 && shown.hits.length <= least;
    try {
      const generation = await ask(shown);
      const cutOff = generation.finishReason === "length" && generation.usage.completionTokens < maxTokens;
      // What was said cannot be taken back for another answer.
      if (!cutOff || isLeast || hasBegun()) return { generation, hits: shown.hits };
    } catch (error) {
      const tooLong = error instanceof LoragError && error.code === "LORAG_PROMPT_TOO_LONG";
      if (!tooLong || isLeast) throw error;
    }
  }
}

const withLess = ({ hits, examples }: Shown): Shown =>
  examples.length > 0 ? { hits, examples: examples.slice(0, -1) } : { hits: hits.slice(0, -1), examples };
