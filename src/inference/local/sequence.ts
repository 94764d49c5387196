import { LoragError, type Generation, type Sampling } from "../../contracts/index.ts";
import { seededRandom } from "../../random/index.ts";
import type { TokenMask, Vocabulary } from "../constraints/token-mask.ts";
import { readLogprob } from "./logprobs.ts";
import type { LoadedAdapter } from "./adapter-stack.ts";
import { chooseToken, isPlainGreedy } from "./sampling.ts";
import { createStopText, type StopText } from "../stop-text.ts";

export interface SequenceRequest {
  prompt: readonly number[];
  adapter: LoadedAdapter | undefined;
  sampling: Sampling;
  mask?: TokenMask | undefined;
  topLogprobs?: number | undefined;
  onText?: ((text: string) => void) | undefined;
}

/** What every sequence of a model ends by, and how its ids become text. */
export interface SequenceRules {
  /** Length of a row of logits, which may be wider than the vocabulary. */
  vocabularySize: number;
  /** Longest sequence, prompt and answer together. */
  contextLength: number;
  vocabulary: Vocabulary;
  /** Turns ids into text as they come. */
  textStream: () => TextStream;
}

interface TextStream {
  push(id: number): string;
  end(): string;
}

/** A request on its way to its answer. */
export interface Sequence extends SequenceRequest {
  rules: SequenceRules;
  /** Tokens that the cache holds. */
  past: number;
  /** Tokens to make room for. */
  reserved: number;
  generated: number[];
  /** Prompt tokens that were taken from a stored prefix. */
  cachedTokens: number;
  random: () => number;
  pieces: TextStream;
  stopText: StopText;
  text: string;
  logprobs: NonNullable<Generation["logprobs"]>;
  cancelled: boolean;
  startedAt: number;
  firstTokenAt: number | undefined;
  resolve: (generation: Generation) => void;
  reject: (error: unknown) => void;
}

export function createSequence(
  request: SequenceRequest,
  rules: SequenceRules,
  settle: Pick<Sequence, "resolve" | "reject">,
): Sequence {
  const { prompt, sampling } = request;
  return {
    ...request,
    ...settle,
    rules,
    past: 0,
    reserved: Math.min(rules.contextLength, prompt.length + sampling.maxTokens),
    generated: [],
    cachedTokens: 0,
    random: seededRandom(sampling.seed),
    pieces: rules.textStream(),
    stopText: createStopText(sampling.stop),
    text: "",
    logprobs: [],
    cancelled: false,
    startedAt: performance.now(),
    firstTokenAt: undefined,
  };
}

/** Whether the next token is the likeliest and nothing more is asked of the logits. */
export const needsNoLogits = ({ sampling, mask, topLogprobs }: SequenceRequest): boolean =>
  isPlainGreedy(sampling) && !mask && topLogprobs === undefined;

/**
 * The next token: `likeliest`, or one chosen from the row's logits, as the sampling and the mask say; where the
 * mask allows nothing, an end or -1.
 */
export function chooseNext(
  sequence: Sequence,
  likeliest: number,
  logits: Float32Array | undefined,
  row: number,
): number {
  const { sampling, prompt, generated, random, rules, mask, topLogprobs } = sequence;
  if (needsNoLogits(sequence)) return likeliest;
  if (isPlainGreedy(sampling) && topLogprobs === undefined && mask!.allows(likeliest)) {
    mask!.accept(likeliest);
    return likeliest;
  }
  const own = logits!.subarray(row * rules.vocabularySize, (row + 1) * rules.vocabularySize);
  const token = chooseToken(own, sampling, [...prompt, ...generated], random, mask);
  if (token < 0) return mask?.endsWhereStuck ? [...rules.vocabulary.endIds][0]! : token;
  mask?.accept(token);
  if (topLogprobs !== undefined && !rules.vocabulary.endIds.has(token)) {
    sequence.logprobs.push(readLogprob(own, token, topLogprobs, rules.vocabulary));
  }
  return token;
}

/** Takes the chosen token into the sequence; false if the sequence ends with it, or fails for want of one. */
export function acceptToken(sequence: Sequence, token: number): boolean {
  const { prompt, generated, sampling, rules } = sequence;
  if (token < 0) {
    sequence.reject(nothingAllowed(sequence.text));
    return false;
  }
  sequence.firstTokenAt ??= performance.now();
  if (rules.vocabulary.endIds.has(token)) {
    finishSequence(sequence, "stop");
    return false;
  }
  generated.push(token);
  const { text, stopped } = sequence.stopText.push(sequence.pieces.push(token));
  say(sequence, text);
  const length = prompt.length + generated.length;
  if (stopped) resolve(sequence, "stop");
  else if (generated.length >= sampling.maxTokens || length >= rules.contextLength)
    finishSequence(sequence, "length");
  else return true;
  return false;
}

/** Says what was held back, and gives the answer. */
export function finishSequence(sequence: Sequence, finishReason: Generation["finishReason"]): void {
  // What is left of a character that was never finished is no text.
  const rest = sequence.pieces.end().replace(/\uFFFD+$/, "");
  const { text, stopped } = sequence.stopText.push(rest);
  say(sequence, stopped ? text : text + sequence.stopText.end());
  resolve(sequence, finishReason);
}

function say(sequence: Sequence, text: string): void {
  if (text === "") return;
  sequence.text += text;
  sequence.onText?.(text);
}

function resolve(sequence: Sequence, finishReason: Generation["finishReason"]): void {
  const now = performance.now();
  sequence.resolve({
    text: sequence.text,
    finishReason,
    ...(sequence.topLogprobs !== undefined && { logprobs: sequence.logprobs }),
    usage: {
      promptTokens: sequence.prompt.length,
      completionTokens: sequence.generated.length,
      cachedTokens: sequence.cachedTokens,
    },
    firstTokenMs: (sequence.firstTokenAt ?? now) - sequence.startedAt,
    totalMs: now - sequence.startedAt,
  });
}

/** Ended there, it would pass for an answer. */
function nothingAllowed(text: string): LoragError {
  return new LoragError({
    code: "LORAG_NO_TOKEN_ALLOWED",
    kind: "data",
    message: `The constraint on the answer allows no token of the model after ${JSON.stringify(text.slice(-80))}`,
    next: "Ask for a form that the model's vocabulary can write: characters that it lacks cannot be demanded.",
  });
}
