import { randomUUID } from "node:crypto";
import type { Message, ServedAnswer, Usage } from "../contracts/index.ts";
import { annotate, extrasOf } from "./annotations.ts";
import { askService } from "./ask-service.ts";
import { eventStream } from "./event-stream.ts";
import { chatLogprobs, completionLogprobs } from "./logprobs.ts";
import type { GenerationOrder } from "./read-request.ts";
import type { Call, ServerParts } from "./route.ts";

/** What tells the two routes apart. */
export interface Shape {
  idPrefix: string;
  object: string;
  chunkObject: string;
  choice(text: string, answer: ServedAnswer): object;
  /** Of a piece of text, or of the end. */
  delta(text: string, end: ServedAnswer | undefined, isFirst: boolean): object;
}

export const chatShape: Shape = {
  idPrefix: "chatcmpl-",
  object: "chat.completion",
  chunkObject: "chat.completion.chunk",
  choice: (text, answer) => ({
    message: {
      role: "assistant",
      content: text,
      refusal: null,
      annotations: annotate(text, answer.citations, answer.hits),
      ...extrasOf({ ...answer, text }),
    },
    logprobs: chatLogprobs(answer.logprobs),
  }),
  delta: (text, end, isFirst) => ({
    delta: {
      ...(isFirst && { role: "assistant" }),
      ...(text !== "" || isFirst ? { content: text } : {}),
      ...(end && end.citations.length > 0 && { annotations: annotate(end.text, end.citations, end.hits) }),
      ...(end && extrasOf(end)),
    },
    // Of the whole answer, with its end.
    logprobs: chatLogprobs(end?.logprobs),
  }),
};

export const completionShape: Shape = {
  idPrefix: "cmpl-",
  object: "text_completion",
  chunkObject: "text_completion",
  choice: (text, { logprobs }) => ({ text, logprobs: completionLogprobs(logprobs) }),
  delta: (text, end) => ({ text, logprobs: completionLogprobs(end?.logprobs) }),
};

/** Answers an order, whole or streamed. The model must be known. */
export async function generate(
  parts: ServerParts,
  shape: Shape,
  order: GenerationOrder,
  { request: { signal: clientLeft }, key }: Pick<Call, "request" | "key">,
): Promise<Response> {
  const stop = new AbortController();
  const leave = await parts.admission.enter(clientLeft, key);
  clientLeft.addEventListener("abort", () => stop.abort(), { once: true });
  if (clientLeft.aborted) stop.abort();
  const head = {
    id: `${shape.idPrefix}${randomUUID().replaceAll("-", "")}`,
    created: Math.floor(Date.now() / 1000),
    model: order.model,
  };

  const { prompts, count } = order;
  const promptOf = (index: number): Message[] => prompts[Math.floor(index / count)]!;
  /** What the choice shows before its answer. */
  const echoOf = (index: number): string => (order.echo ? promptOf(index).at(-1)!.content : "");
  const answer = (index: number, onText?: (text: string) => void): Promise<ServedAnswer> => {
    const { seed = 0 } = order.sampling;
    return askService(parts, order.model, {
      stop,
      began: performance.now(),
      messages: promptOf(index),
      sampling: { ...order.sampling, seed: nthSeed(seed, index % count) },
      ...(order.constraint && { constraint: order.constraint }),
      ...(order.topLogprobs !== undefined && { topLogprobs: order.topLogprobs }),
      ...(order.user !== undefined && { user: `${key.name} ${order.user}` }),
      ...(order.grounding && { grounding: order.grounding }),
      ...(onText && { onText }),
    });
  };
  const all = <Value>(one: (index: number) => Promise<Value>): Promise<Value[]> =>
    Promise.all(Array.from({ length: prompts.length * count }, (_, index) => one(index))).catch(
      (error: unknown) => {
        stop.abort();
        throw error;
      },
    );

  if (!order.stream) {
    try {
      const answers = await all((index) => answer(index));
      const choices = answers.map((given, index) => ({
        index,
        ...shape.choice(echoOf(index) + given.text, given),
        finish_reason: finishOf(given),
      }));
      return Response.json({ ...head, object: shape.object, choices, usage: sumUsage(answers, count) });
    } finally {
      leave();
    }
  }
  const usage = order.includeUsage ? { usage: null } : {};
  const write = async (send: (value: unknown) => void): Promise<void> => {
    const chunk = (index: number, choice: object, finish: string | null, more = {}): void =>
      send({
        ...head,
        object: shape.chunkObject,
        choices: [{ index, ...choice, finish_reason: finish }],
        ...usage,
        ...more,
      });
    try {
      const answers = await all(async (index) => {
        let said = "";
        let begun = false;
        // Not before there is an answer: a fault is told by the status.
        const begin = (): void => {
          if (!begun) chunk(index, shape.delta(echoOf(index), undefined, true), null);
          begun = true;
        };
        const given = await answer(index, (text) => {
          begin();
          said += text;
          chunk(index, shape.delta(text, undefined, false), null);
        });
        begin();
        // What was held back until it was checked.
        const holds = given.text.startsWith(said);
        const rest = holds ? given.text.slice(said.length) : "";
        if (!holds && order.grounding === "after") {
          const lorag = { type: "correction", index, text: given.text };
          chunk(index, shape.delta("", undefined, false), null, { lorag });
        }
        if (rest !== "") chunk(index, shape.delta(rest, undefined, false), null);
        chunk(index, shape.delta("", given, false), finishOf(given));
        return given;
      });
      if (order.includeUsage) {
        send({ ...head, object: shape.chunkObject, choices: [], usage: sumUsage(answers, count) });
      }
    } finally {
      leave();
    }
  };
  return eventStream(write, stop, parts.onError);
}

const finishOf = ({ finishReason }: ServedAnswer): string => (finishReason === "length" ? "length" : "stop");

/** Of each of `n` answers its own, within the whole numbers that are exact. */
const nthSeed = (seed: number, n: number): number =>
  seed + n <= Number.MAX_SAFE_INTEGER ? seed + n : seed - n;

/** Of `count` answers to each prompt. */
function sumUsage(answers: readonly ServedAnswer[], count: number): object {
  const total = (pick: (usage: Usage) => number): number =>
    answers.reduce((sum, { usage }) => sum + pick(usage), 0);
  // A prompt is read once, however many answers are asked for.
  const firsts = answers.filter((_, index) => index % count === 0);
  const prompt = firsts.reduce((sum, { usage }) => sum + usage.promptTokens, 0);
  const completion = total(({ completionTokens }) => completionTokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: Math.min(...answers.map(({ usage }) => usage.cachedTokens)) },
    completion_tokens_details: { reasoning_tokens: total(({ thinkingTokens = 0 }) => thinkingTokens) },
  };
}
