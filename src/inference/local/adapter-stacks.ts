import type { AdapterRanks } from "../../models/index.ts";
import {
  adapterRanks,
  stackAdapters,
  stackForPrompts,
  type AdapterStack,
  type GroupShape,
  type LoadedAdapter,
} from "./adapter-stack.ts";

/** The stacks in use, made when first needed and kept while they serve. */
export interface AdapterStacks {
  /** Those of all adapters that rows may carry. */
  readonly ranks: AdapterRanks;
  /**
   * A stack that holds every adapter wanted, none where no row carries one: that in use, unless it lacks one or is
   * mostly unused.
   */
  forRows(wanted: ReadonlySet<LoadedAdapter | undefined>): AdapterStack | undefined;
  forPrompt(adapter: LoadedAdapter): AdapterStack;
  /** Forgets every stack. Returns the ranks before where they are others now. */
  change(adapters: Iterable<LoadedAdapter>): AdapterRanks | undefined;
}

/** `oneGraph`: prompts are read by the graph that decodes. */
export function createAdapterStacks(groups: readonly GroupShape[], oneGraph: boolean): AdapterStacks {
  const none: AdapterStack = { members: [], tensors: {} };
  let ranks = adapterRanks([]);
  let shared = none;
  let alone = new WeakMap<LoadedAdapter, AdapterStack>();
  return {
    get ranks() {
      return ranks;
    },
    forRows(wanted) {
      const members = [...wanted];
      if (!members.some(Boolean)) return undefined;
      const holds = members.every((adapter) => shared.members.includes(adapter));
      if (!holds || shared.members.length > 2 * wanted.size) shared = stackAdapters(groups, members, ranks);
      return shared;
    },
    forPrompt(adapter) {
      const stack =
        alone.get(adapter) ??
        (oneGraph ? stackAdapters(groups, [adapter], ranks) : stackForPrompts(groups, adapter, ranks));
      alone.set(adapter, stack);
      return stack;
    },
    change(adapters) {
      const before = ranks;
      const changed = adapterRanks(adapters);
      alone = new WeakMap();
      shared = none;
      if ([...before, ...changed].every(([kind]) => before.get(kind) === changed.get(kind))) return undefined;
      ranks = changed;
      return before;
    },
  };
}
