import type { Figure } from "./figure.ts";

export type Bound = "atLeast" | "atMost" | "more" | "less";

/** A piece of a text that was read: a figure, a word or a mark. Offsets are those of `Reading.text`. */
export interface Item {
  kind: "figure" | "word" | "number" | "mark";
  text: string;
  folded: string;
  start: number;
  end: number;
  figure?: Figure;
  bound?: Bound;
  /** The bound says whom or when something is said of (`children under 21 pay half`), and is not what is said. */
  threshold?: true;
  /** Its side of a range or score (`5-7`, `from 5 to 7`, `3-1`), or of a change (`raised from 5 to 7`). */
  side?: "first" | "second" | "before" | "after";
}
