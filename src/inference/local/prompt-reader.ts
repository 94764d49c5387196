import type { LoadedAdapter } from "./adapter-stack.ts";
import type { Decoder } from "./decoder.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import { createPrefixStore } from "./prefix-store.ts";
import { chooseNext, needsNoLogits, type Sequence } from "./sequence.ts";

/** Reads one prompt at a time into the reading cache, from where a beginning that was kept ends. */
export interface PromptReader {
  makeRoom(capacity: number): void;
  /** Begins with a sequence of which nothing was read. */
  begin(sequence: Sequence): void;
  /** Reads a piece: how many tokens it had, and, when the prompt is whole, the token that follows. */
  readPiece(sequence: Sequence): Promise<{ count: number; next?: number }>;
  /** Forgets what was kept for an adapter that goes away. */
  forget(adapter: LoadedAdapter): void;
}

/** Tokens of a prompt that are run at a time. */
export const prefillChunk = 128;

/** Keeps beginnings of `maxPrefixTokens` tokens in all. */
export function createPromptReader(
  decoder: Decoder,
  cache: KeyValueCache,
  maxPrefixTokens: number,
): PromptReader {
  const prefixes = createPrefixStore(maxPrefixTokens);
  return {
    makeRoom(capacity) {
      if (capacity > cache.capacity) cache.resize(1, capacity, []);
    },
    begin(sequence) {
      const { prefix, length } = prefixes.find(sequence.prompt, sequence.adapter);
      // Two tokens at least are left to read: one alone would be multiplied by another kernel.
      const reused = Math.min(length, sequence.prompt.length - 2);
      if (prefix && reused > 0) {
        cache.restore(0, reused, prefix.saved);
        sequence.past = sequence.cachedTokens = reused;
      }
    },
    async readPiece(sequence) {
      const { prompt, past, adapter } = sequence;
      const left = prompt.length - past;
      let count = Math.min(left, prefillChunk);
      if (left - count === 1) count--;
      const complete = count === left;
      const tokens = prompt.slice(past, past + count);
      const wantLogits = complete && !needsNoLogits(sequence);
      const { next, logits } = await decoder.prefill({ tokens, past, adapter }, wantLogits);
      sequence.past += count;
      if (!complete) return { count };
      const shared = prefixes.note(prompt, adapter);
      if (shared > 0)
        prefixes.keep({ tokens: prompt.slice(0, shared), adapter, saved: cache.save(0, shared) });
      return { count, next: chooseNext(sequence, next[0]!, logits, 0) };
    },
    forget: (adapter) => prefixes.forget(adapter),
  };
}
