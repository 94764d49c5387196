import type { Hit } from "../../contracts/index.ts";

/** What a store found, best first, as hits with their ranks in the search of that name. */
export const toHits = (name: string, found: Pick<Hit, "chunk" | "score">[]): Hit[] =>
  found.map((each, index) => ({ ...each, ranks: { [name]: index + 1 } }));
