import type { TokenLogprob } from "../../contracts/index.ts";
import type { Vocabulary } from "../constraints/token-mask.ts";
import { largestIndex } from "./sampling.ts";

/** How likely a row of logits holds `token`, and its `count` likeliest tokens, ties by id. */
export function readLogprob(
  logits: Float32Array,
  token: number,
  count: number,
  { textOf }: Vocabulary,
): TokenLogprob & { top: TokenLogprob[] } {
  const peak = logits[largestIndex(logits)]!;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - peak);
  const total = peak + Math.log(sum);
  const tell = (id: number): TokenLogprob => ({ token: textOf(id), logprob: logits[id]! - total });
  return { ...tell(token), top: likeliest(logits, count).map(tell) };
}

function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    if (best.length === count && (count === 0 || logits[id]! <= logits[best.at(-1)!]!)) continue;
    let at = best.length;
    while (at > 0 && logits[id]! > logits[best[at - 1]!]!) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
