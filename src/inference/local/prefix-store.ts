import type { LoadedAdapter } from "./adapter-stack.ts";
import type { CacheArray } from "./key-value-cache.ts";

export interface StoredPrefix {
  tokens: readonly number[];
  adapter: LoadedAdapter | undefined;
  saved: CacheArray[];
}

/**
 * Keys and values of beginnings that several prompts share, such as a system message. A beginning is worth keeping
 * once a second prompt has it.
 */
export interface PrefixStore {
  /** The stored prefix with the longest common beginning, and that length. */
  find(
    prompt: readonly number[],
    adapter: LoadedAdapter | undefined,
  ): { prefix?: StoredPrefix; length: number };
  /** Notes a prompt; returns how long a beginning of it should be kept, 0 for none. */
  note(prompt: readonly number[], adapter: LoadedAdapter | undefined): number;
  keep(prefix: StoredPrefix): void;
  /** Forgets what belongs to an adapter. */
  forget(adapter: LoadedAdapter): void;
}

/** Shorter beginnings cost about as much to copy as to compute. */
const shortest = 32;
const recentPrompts = 16;
const mostPrefixes = 8;

/** Keeps `mostTokens` in all, and no longer beginning than that. */
export function createPrefixStore(mostTokens: number): PrefixStore {
  type Prompt = Pick<StoredPrefix, "tokens" | "adapter">;
  let recent: Prompt[] = [];
  let stored: StoredPrefix[] = [];
  const longest = <Item extends Prompt>(items: readonly Item[], prompt: Prompt) => {
    let best: { item?: Item; length: number } = { length: 0 };
    for (const item of items) {
      if (item.adapter !== prompt.adapter) continue;
      const length = commonLength(item.tokens, prompt.tokens);
      if (length > best.length) best = { item, length };
    }
    return best;
  };
  return {
    find(tokens, adapter) {
      const { item, length } = longest(stored, { tokens, adapter });
      if (!item) return { length: 0 };
      // Most recently used last.
      stored = [...stored.filter((other) => other !== item), item];
      return { prefix: item, length };
    },
    note(tokens, adapter) {
      const prompt = { tokens, adapter };
      const length = Math.min(longest(recent, prompt).length, mostTokens);
      const covered = longest(stored, prompt).length;
      recent = [...recent, prompt].slice(-recentPrompts);
      return length >= shortest && length > covered ? length : 0;
    },
    keep(prefix) {
      stored = [...stored, prefix].slice(-mostPrefixes);
      const tokens = (): number => stored.reduce((sum, { tokens }) => sum + tokens.length, 0);
      while (tokens() > mostTokens) stored = stored.slice(1);
    },
    forget(adapter) {
      recent = recent.filter((prompt) => prompt.adapter !== adapter);
      stored = stored.filter((prefix) => prefix.adapter !== adapter);
    },
  };
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}
