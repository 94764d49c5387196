import { LoragError, type Generation, type Sampling } from "../contracts/index.ts";
import { seededRandom } from "../random/index.ts";
import type { LoadedAdapter } from "./adapter-stack.ts";
import type { Caches, Decoder } from "./decoder.ts";
import { createPrefixStore } from "./prefix-store.ts";
import { chooseToken, isPlainGreedy } from "./sampling.ts";
import { createStopText, type StopText } from "./stop-text.ts";

export interface SchedulerOptions {
  decoder: Decoder;
  caches: Caches;
  vocabularySize: number;
  /** Longest sequence, prompt and answer together. */
  contextLength: number;
  /** Ids that end an answer. */
  endIds: ReadonlySet<number>;
  /** Most sequences in a batch. */
  maxRows: number;
  /** Most tokens of all rows together, used or reserved, that the decoding cache may hold. */
  maxTokens: number;
  /** Most tokens of stored beginnings. */
  maxPrefixTokens: number;
  /** Turns ids into text as they come. */
  textStream: () => { push(id: number): string; end(): string };
}

export interface SequenceRequest {
  prompt: readonly number[];
  adapter: LoadedAdapter | undefined;
  sampling: Sampling;
  onText?: ((text: string) => void) | undefined;
}

/** Generates for many requests at once: each step is one token of every sequence in progress. */
export interface Scheduler {
  /** `cancel` makes the promise resolve after the token under way. Throws LORAG_PROMPT_TOO_LONG. */
  submit(request: SequenceRequest): { done: Promise<Generation>; cancel(): void };
  /** Of the sequences in progress and those that wait. */
  adaptersInUse(): LoadedAdapter[];
  /** Forgets what was kept for an adapter that goes away. */
  forget(adapter: LoadedAdapter): void;
}

/** Tokens of a prompt that are run at a time. */
export const prefillChunk = 128;
/**
 * Once so many prompt tokens have been read, each sequence in progress gets a token. Several short prompts are so read
 * at once, which fills the batch sooner.
 */
const readBetweenSteps = 256;

/** Capacities are rounded up to this, so that the cache is seldom replaced. */
const capacityStep = 128;

/** An idle cache that is so many times wider than the next request needs is made anew. */
const muchWider = 4;

interface Sequence extends SequenceRequest {
  /** Tokens that the cache holds. */
  past: number;
  /** Tokens to make room for. */
  reserved: number;
  generated: number[];
  /** Prompt tokens that were taken from a stored prefix. */
  cachedTokens: number;
  random: () => number;
  pieces: { push(id: number): string; end(): string };
  stopText: StopText;
  text: string;
  cancelled: boolean;
  startedAt: number;
  firstTokenAt: number | undefined;
  resolve: (generation: Generation) => void;
  reject: (error: unknown) => void;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { decoder, contextLength, endIds, vocabularySize } = options;
  const { reading: readingCache, decoding: cache } = options.caches;
  const prefixes = createPrefixStore(options.maxPrefixTokens);
  const queue: Sequence[] = [];
  // Those that decode, in the order of their rows, and the one whose prompt is being read.
  let active: Sequence[] = [];
  let reading: Sequence | undefined;
  let running = false;

  const say = (sequence: Sequence, text: string): void => {
    if (text === "") return;
    sequence.text += text;
    sequence.onText?.(text);
  };

  const finish = (sequence: Sequence, finishReason: Generation["finishReason"], stopped = false): void => {
    if (!stopped) {
      // What is left of a character that was never finished is no text.
      const rest = sequence.pieces.end().replace(/\uFFFD+$/, "");
      const { text, stopped: late } = sequence.stopText.push(rest);
      say(sequence, late ? text : text + sequence.stopText.end());
    }
    const now = performance.now();
    sequence.resolve({
      text: sequence.text,
      finishReason,
      usage: {
        promptTokens: sequence.prompt.length,
        completionTokens: sequence.generated.length,
        cachedTokens: sequence.cachedTokens,
      },
      firstTokenMs: (sequence.firstTokenAt ?? now) - sequence.startedAt,
      totalMs: now - sequence.startedAt,
    });
  };

  /** Takes the chosen token into the sequence; false if the sequence ends with it. */
  const accept = (sequence: Sequence, token: number): boolean => {
    sequence.firstTokenAt ??= performance.now();
    if (endIds.has(token)) {
      finish(sequence, "stop");
      return false;
    }
    sequence.generated.push(token);
    const { text, stopped } = sequence.stopText.push(sequence.pieces.push(token));
    say(sequence, text);
    const length = sequence.prompt.length + sequence.generated.length;
    if (stopped) finish(sequence, "stop", true);
    else if (sequence.generated.length >= sequence.sampling.maxTokens || length >= contextLength)
      finish(sequence, "length");
    else return true;
    return false;
  };

  const choose = (sequence: Sequence, next: number, logits: Float32Array | undefined, row: number): number =>
    isPlainGreedy(sequence.sampling)
      ? next
      : chooseToken(
          logits!.subarray(row * vocabularySize, (row + 1) * vocabularySize),
          sequence.sampling,
          [...sequence.prompt, ...sequence.generated],
          sequence.random,
        );

  /** Rows of the sequences that stay are moved together. */
  const keepOnly = (stays: (sequence: Sequence) => boolean): void => {
    const kept = active.filter(stays);
    kept.forEach((sequence, to) => cache.move(active.indexOf(sequence), to, sequence.past));
    active = kept;
  };

  const dropCancelled = (): void => {
    for (const sequence of queue.filter(({ cancelled }) => cancelled)) {
      queue.splice(queue.indexOf(sequence), 1);
      finish(sequence, "cancelled");
    }
    if (reading?.cancelled) {
      finish(reading, "cancelled");
      reading = undefined;
    }
    if (active.some(({ cancelled }) => cancelled)) {
      for (const sequence of active) if (sequence.cancelled) finish(sequence, "cancelled");
      keepOnly(({ cancelled }) => !cancelled);
    }
  };

  /** Gives the next request a row, if the cache may grow by it. */
  const admit = (): void => {
    const [next] = queue;
    if (reading || !next || active.length >= options.maxRows) return;
    const wanted = Math.ceil(next.reserved / capacityStep) * capacityStep;
    // A long request is over at some time: rows as wide as it needed would leave room for few others.
    const tooWide = active.length === 0 && cache.capacity >= muchWider * wanted;
    const capacity = tooWide ? wanted : Math.max(cache.capacity, wanted);
    const rows = active.length + 1;
    if (active.length > 0 && rows * capacity > options.maxTokens) return;
    const used = active.map(({ past }) => past);
    if (rows > cache.rows || capacity !== cache.capacity) {
      // Rows are doubled, so that a growing batch does not replace the cache at each request.
      const spare = rows > cache.rows ? cache.rows * 2 : cache.rows;
      const most = Math.min(spare, options.maxRows, Math.floor(options.maxTokens / capacity));
      cache.resize(Math.max(rows, most), capacity, used);
    }
    if (wanted > readingCache.capacity) readingCache.resize(1, wanted, []);
    // Not before there is room: a request that is neither here nor there would never be answered.
    queue.shift();
    reading = next;
    const { prefix, length } = prefixes.find(next.prompt, next.adapter);
    // Two tokens at least are left to read: one alone would be multiplied by another kernel.
    const reused = Math.min(length, next.prompt.length - 2);
    if (prefix && reused > 0) {
      readingCache.restore(0, reused, prefix.saved);
      next.past = next.cachedTokens = reused;
    }
  };

  /** Reads a piece of the prompt; returns how many tokens it had. */
  const readPrompt = async (sequence: Sequence): Promise<number> => {
    const { prompt, past, adapter } = sequence;
    const left = prompt.length - past;
    let count = Math.min(left, prefillChunk);
    if (left - count === 1) count--;
    const complete = count === left;
    const tokens = prompt.slice(past, past + count);
    const wantLogits = complete && !isPlainGreedy(sequence.sampling);
    const { next, logits } = await decoder.prefill({ tokens, past, adapter }, wantLogits);
    sequence.past += count;
    if (!complete) return count;
    const shared = prefixes.note(prompt, adapter);
    if (shared > 0)
      prefixes.keep({ tokens: prompt.slice(0, shared), adapter, saved: readingCache.save(0, shared) });
    if (accept(sequence, choose(sequence, next[0]!, logits, 0))) {
      await decoder.settle(active.length, sequence.past);
      active.push(sequence);
    }
    reading = undefined;
    return count;
  };

  const readPrompts = async (): Promise<void> => {
    for (let read = 0; read < readBetweenSteps;) {
      dropCancelled();
      admit();
      if (!reading) return;
      read += await readPrompt(reading);
    }
  };

  const decodeAll = async (): Promise<void> => {
    const wantLogits = !active.every(({ sampling }) => isPlainGreedy(sampling));
    const rows = active.map(({ generated, past, adapter }) => ({
      tokens: [generated.at(-1)!],
      past,
      adapter,
    }));
    const { next, logits } = await decoder.decode(rows, wantLogits);
    const staying = new Set<Sequence>();
    active.forEach((sequence, row) => {
      sequence.past++;
      if (sequence.cancelled || accept(sequence, choose(sequence, next[row]!, logits, row)))
        staying.add(sequence);
    });
    if (staying.size < active.length) keepOnly((sequence) => staying.has(sequence));
  };

  const run = async (): Promise<void> => {
    running = true;
    try {
      do {
        await readPrompts();
        if (active.length > 0) await decodeAll();
      } while (reading || active.length > 0 || queue.length > 0);
    } catch (error) {
      // A step that fails leaves no sequence in a known state.
      for (const sequence of [...active, ...(reading ? [reading] : []), ...queue]) sequence.reject(error);
      active = [];
      reading = undefined;
      queue.length = 0;
    } finally {
      running = false;
    }
  };

  return {
    submit(request) {
      const { prompt, sampling } = request;
      if (prompt.length >= contextLength) throw promptTooLong(prompt.length, contextLength);
      let cancel = (): void => {};
      const done = new Promise<Generation>((resolve, reject) => {
        const sequence: Sequence = {
          ...request,
          past: 0,
          reserved: Math.min(contextLength, prompt.length + sampling.maxTokens),
          generated: [],
          cachedTokens: 0,
          random: seededRandom(sampling.seed),
          pieces: options.textStream(),
          stopText: createStopText(sampling.stop),
          text: "",
          cancelled: false,
          startedAt: performance.now(),
          firstTokenAt: undefined,
          resolve,
          reject,
        };
        cancel = () => {
          sequence.cancelled = true;
        };
        queue.push(sequence);
        if (!running) void run();
      });
      return { done, cancel: () => cancel() };
    },
    adaptersInUse: () =>
      [...active, ...(reading ? [reading] : []), ...queue].flatMap(({ adapter }) => adapter ?? []),
    forget: (adapter) => prefixes.forget(adapter),
  };
}

function promptTooLong(length: number, contextLength: number): LoragError {
  return new LoragError({
    code: "LORAG_PROMPT_TOO_LONG",
    kind: "data",
    message: `The prompt has ${length} tokens; the model's context holds ${contextLength}, and the answer needs room too`,
    next: "Shorten the messages, or retrieve fewer or shorter passages.",
  });
}
