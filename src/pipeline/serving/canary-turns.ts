import { createHash } from "node:crypto";

/** Says which requests to an alias its canary answers. */
export interface CanaryTurns {
  /**
   * One who has a name gets the same answerer each time, and keeps the canary while its share grows. Of those without
   * one the canary gets its share evenly, as they come.
   */
  isCanarys(alias: string, canary: { version: string; share: number }, who: string | undefined): boolean;
}

export function createCanaryTurns(): CanaryTurns {
  const asked = new Map<string, number>();
  return {
    isCanarys(alias, { version, share }, who) {
      if (who !== undefined) return placeOf(`${alias}:${version} ${who}`) < share;
      const count = (asked.get(alias) ?? 0) + 1;
      asked.set(alias, count);
      return Math.floor(count * share) > Math.floor((count - 1) * share);
    },
  };
}

/** From 0 to 1, alike for like texts and evenly for all. */
const placeOf = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
