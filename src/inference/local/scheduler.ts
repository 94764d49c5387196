import { LoragError, type Generation } from "../../contracts/index.ts";
import type { LoadedAdapter } from "./adapter-stack.ts";
import { createBatch, type BatchLimits } from "./batch.ts";
import type { Caches, Decoder } from "./decoder.ts";
import { createPromptReader } from "./prompt-reader.ts";
import {
  acceptToken,
  chooseNext,
  createSequence,
  finishSequence,
  needsNoLogits,
  type Sequence,
  type SequenceRequest,
  type SequenceRules,
} from "./sequence.ts";

export interface SchedulerOptions extends SequenceRules, BatchLimits {
  decoder: Decoder;
  caches: Caches;
  /** Most tokens of stored beginnings. */
  maxPrefixTokens: number;
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

/**
 * Once so many prompt tokens have been read, each sequence in progress gets a token. Several short prompts are so read
 * at once, which fills the batch sooner.
 */
const readBetweenSteps = 256;

/** Capacities are rounded up to this, so that the cache is seldom replaced. */
const capacityStep = 128;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { decoder, caches, contextLength } = options;
  const reader = createPromptReader(decoder, caches.reading, options.maxPrefixTokens);
  const batch = createBatch(caches.decoding, options);
  const queue: Sequence[] = [];
  // The one whose prompt is being read.
  let reading: Sequence | undefined;
  let running = false;
  const everyOne = (): Sequence[] => [...batch.sequences, ...(reading ? [reading] : []), ...queue];

  const dropCancelled = (): void => {
    for (const sequence of queue.filter(({ cancelled }) => cancelled)) {
      queue.splice(queue.indexOf(sequence), 1);
      finishSequence(sequence, "cancelled");
    }
    if (reading?.cancelled) {
      finishSequence(reading, "cancelled");
      reading = undefined;
    }
    if (batch.sequences.some(({ cancelled }) => cancelled)) {
      for (const sequence of batch.sequences) if (sequence.cancelled) finishSequence(sequence, "cancelled");
      batch.keepOnly(({ cancelled }) => !cancelled);
    }
  };

  /** Begins to read the next request, if there is room for it. */
  const admit = (): void => {
    const [next] = queue;
    if (reading || !next) return;
    const capacity = Math.ceil(next.reserved / capacityStep) * capacityStep;
    if (!batch.makeRoom(capacity)) return;
    reader.makeRoom(capacity);
    // Not before there is room: a request that is neither here nor there would never be answered.
    queue.shift();
    reading = next;
    reader.begin(next);
  };

  const readPrompts = async (): Promise<void> => {
    for (let read = 0; read < readBetweenSteps;) {
      dropCancelled();
      admit();
      if (!reading) return;
      const { count, next } = await reader.readPiece(reading);
      read += count;
      if (next === undefined) continue;
      if (acceptToken(reading, next)) {
        await decoder.settle(batch.sequences.length, reading.past);
        batch.add(reading);
      }
      reading = undefined;
    }
  };

  const decodeAll = async (): Promise<void> => {
    const { sequences } = batch;
    const wantLogits = !sequences.every(needsNoLogits);
    const rows = sequences.map(({ generated, past, adapter }) => ({
      tokens: [generated.at(-1)!],
      past,
      adapter,
    }));
    const { next, logits } = await decoder.decode(rows, wantLogits);
    const staying = new Set<Sequence>();
    sequences.forEach((sequence, row) => {
      sequence.past++;
      if (sequence.cancelled || acceptToken(sequence, chooseNext(sequence, next[row]!, logits, row)))
        staying.add(sequence);
    });
    if (staying.size < sequences.length) batch.keepOnly((sequence) => staying.has(sequence));
  };

  const run = async (): Promise<void> => {
    running = true;
    try {
      do {
        await readPrompts();
        if (batch.sequences.length > 0) await decodeAll();
      } while (reading || batch.sequences.length > 0 || queue.length > 0);
    } catch (error) {
      // A step that fails leaves no sequence in a known state.
      for (const sequence of everyOne()) sequence.reject(error);
      batch.keepOnly(() => false);
      reading = undefined;
      queue.length = 0;
    } finally {
      running = false;
    }
  };

  return {
    submit(request) {
      if (request.prompt.length >= contextLength) throw promptTooLong(request.prompt.length, contextLength);
      let cancel = (): void => {};
      const done = new Promise<Generation>((resolve, reject) => {
        const sequence = createSequence(request, options, { resolve, reject });
        cancel = () => {
          sequence.cancelled = true;
        };
        queue.push(sequence);
        if (!running) void run();
      });
      return { done, cancel: () => cancel() };
    },
    adaptersInUse: () => everyOne().flatMap(({ adapter }) => adapter ?? []),
    forget: (adapter) => reader.forget(adapter),
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
