import { LoragError } from "../../contracts/index.ts";

/** Keeps what the models of a run cost together under a limit. */
export interface Spending {
  /** What was spent, earlier answers included. */
  readonly spent: number;
  /**
   * Sets aside the most that a request can cost, once what is under way leaves room for it; `settle` replaces it by what it
   * did cost. Throws LORAG_BUDGET where it could pass the limit even so.
   */
  reserve(most: number): Promise<{ settle(cost: number): void }>;
}

/** `spent` is what the answers kept from an earlier run cost; without a limit it only counts. */
export function createSpending({
  limit = Infinity,
  spent = 0,
}: { limit?: number; spent?: number } = {}): Spending {
  let [settled, reserved] = [spent, 0];
  let waiting: (() => void)[] = [];
  return {
    get spent() {
      return settled;
    },
    async reserve(most) {
      while (most > 0 && settled + reserved + most > limit) {
        if (settled + most > limit) throw overBudget(limit, settled, settled + most);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reserved += most;
      let open = true;
      return {
        settle(cost) {
          if (!open) return;
          open = false;
          reserved -= most;
          settled += cost;
          for (const resume of waiting) resume();
          waiting = [];
        },
      };
    },
  };
}

function overBudget(limit: number, spent: number, would: number): LoragError {
  const plain = (value: number): string => String(Number(value.toPrecision(3)));
  return new LoragError({
    code: "LORAG_BUDGET",
    kind: "config",
    message: `The budget is ${plain(limit)}; ${spent === 0 ? "nothing" : plain(spent)} is spent, and the next answer could bring it to ${plain(would)}`,
    next: "Answers so far are kept: raise `budget` in lorag.yaml and run the command again, and it goes on from there.",
  });
}
