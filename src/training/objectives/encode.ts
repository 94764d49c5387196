import { LoragError, type Example, type Message } from "../../contracts/index.ts";

/** An example as the model reads it. `ids[completionStart..]` are the targets, the end token included. */
export interface EncodedExample {
  id: string;
  ids: Int32Array;
  /** At least 1. */
  completionStart: number;
}

/** Input tokens of an example: its last token is only ever a target. */
export const inputLength = (example: EncodedExample): number => example.ids.length - 1;

export const scoredCount = (example: EncodedExample): number => example.ids.length - example.completionStart;

export interface EncodeOptions {
  /** The chat template. `generationPrompt` opens the assistant's turn. */
  render: (messages: Message[], generationPrompt: boolean) => string;
  /** No special tokens are added. */
  tokenize: (text: string) => ArrayLike<number>;
  /** Ends an answer; what the template writes after it is not trained on. */
  endToken: number;
}

export interface EncodedExamples {
  examples: EncodedExample[];
  /** Ids of the examples that are longer than `sequenceLength`. */
  tooLong: string[];
  /** Tokens of the longest example, left out or not. */
  longest: number;
}

/**
 * Examples to token ids, with the loss on the completion and its end token alone. The prompt is tokenised as the
 * generator does it, apart from the completion, so that training sees the very tokens of answer time. Examples of more
 * than `sequenceLength` tokens are left out, as Axolotl does.
 *
 * Throws LORAG_ALL_TOO_LONG, LORAG_CHAT_TEMPLATE when the template rewrites the prompt once it is answered.
 */
export function encodeExamples(
  examples: Example[],
  options: EncodeOptions,
  sequenceLength: number,
  what: "training" | "validation" = "training",
): EncodedExamples {
  const encoded: EncodedExample[] = [];
  const tooLong: string[] = [];
  let shortest = Infinity;
  let longest = 0;
  for (const example of examples) {
    const one = encodeExample(example, options);
    shortest = Math.min(shortest, one.ids.length);
    longest = Math.max(longest, one.ids.length);
    if (one.ids.length > sequenceLength) tooLong.push(example.id);
    else encoded.push(one);
  }
  if (examples.length > 0 && encoded.length === 0) {
    throw new LoragError({
      code: "LORAG_ALL_TOO_LONG",
      kind: "data",
      message:
        `${examples.length === 1 ? `The only ${what} example is` : `All ${examples.length} ${what} examples are`} longer than ` +
        `sequence_len ${sequenceLength}: the shortest has ${shortest} tokens`,
      next: `Set sequence_len to at least ${shortest}, or shorten the examples.`,
    });
  }
  return { examples: encoded, tooLong, longest };
}

export function encodeExample(example: Example, options: EncodeOptions): EncodedExample {
  const opened = options.render(example.prompt, true);
  const answered = options.render(
    [...example.prompt, { role: "assistant", content: example.completion }],
    false,
  );
  if (!answered.startsWith(opened)) throw rewritten(example);
  const prompt = options.tokenize(opened);
  const rest = Array.from(options.tokenize(answered.slice(opened.length)));
  const end = rest.lastIndexOf(options.endToken);
  const completion = end < 0 ? [...rest, options.endToken] : rest.slice(0, end + 1);
  if (prompt.length === 0 || completion.length < 2) throw nothingToLearn(example, answered);
  const ids = new Int32Array(prompt.length + completion.length);
  ids.set(prompt);
  ids.set(completion, prompt.length);
  return { id: example.id, ids, completionStart: prompt.length };
}

function rewritten(example: Example): LoragError {
  return new LoragError({
    code: "LORAG_CHAT_TEMPLATE",
    kind: "data",
    message: `The chat template writes the prompt of ${example.id} differently once it is answered`,
    next: "Use a model whose template keeps earlier turns as they are; this one cannot be trained on completions alone.",
  });
}

function nothingToLearn(example: Example, written: string): LoragError {
  return new LoragError({
    code: "LORAG_EMPTY_COMPLETION",
    kind: "data",
    message: `Nothing of example ${example.id} is left to train on once the chat template has written it: ${JSON.stringify(written.slice(-200))}`,
    next: "Check its completion, and the model's chat template.",
  });
}
