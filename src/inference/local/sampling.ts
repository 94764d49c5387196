import type { Sampling } from "../../contracts/index.ts";
import { allowedOnly, likeliestAllowed, type TokenMask } from "../constraints/token-mask.ts";

/**
 * The next token of one row. `logits` [vocabulary] is not changed; `history` are the ids so far, prompt included;
 * `random` gives numbers from 0 to 1 (1 not included) and is called once unless the choice is greedy. With a `mask`,
 * what it does not allow is as if it had no logit; -1 where it allows nothing.
 */
export function chooseToken(
  logits: Float32Array,
  sampling: Sampling,
  history: Iterable<number>,
  random: () => number,
  mask?: TokenMask,
): number {
  const { temperature, topK, topP, repetitionPenalty } = sampling;
  const scores = repetitionPenalty === 1 ? logits : penalizeRepetition(logits, history, repetitionPenalty);
  if (temperature === 0) return mask ? likeliestAllowed(scores, mask) : largestIndex(scores);
  const allowed = mask ? allowedOnly(scores, mask) : scores;
  if (allowed[largestIndex(allowed)] === -Infinity) return -1;
  return drawToken(nucleus(probabilities(allowed, temperature), topK, topP), random());
}

/** Whether the likeliest token is the choice, so that the logits are not needed. */
export function isPlainGreedy({ temperature, repetitionPenalty }: Sampling): boolean {
  return temperature === 0 && repetitionPenalty === 1;
}

/** Index of the largest value, the first of equals. */
export function largestIndex(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Divides positive and multiplies negative scores of tokens already seen (https://arxiv.org/abs/1909.05858). */
export function penalizeRepetition(
  logits: Float32Array,
  history: Iterable<number>,
  penalty: number,
): Float32Array {
  const scores = logits.slice();
  for (const id of new Set(history)) {
    const score = scores[id];
    if (score !== undefined) scores[id] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}

/** Softmax of scores / temperature. */
export function probabilities(scores: Float32Array, temperature: number): Float64Array {
  const result = new Float64Array(scores.length);
  const peak = scores[largestIndex(scores)]!;
  let total = 0;
  for (let i = 0; i < scores.length; i++) total += result[i] = Math.exp((scores[i]! - peak) / temperature);
  for (let i = 0; i < result.length; i++) result[i]! /= total;
  return result;
}

export interface Candidate {
  id: number;
  probability: number;
}

/**
 * The `topK` likeliest tokens (0: all), and of those the fewest whose probability reaches `topP`
 * (https://arxiv.org/abs/1904.09751), likeliest first, ties by id. Probabilities sum to 1.
 */
export function nucleus(probability: Float64Array, topK: number, topP: number): Candidate[] {
  // Tokens below this cannot be in the nucleus: all of them together do not fill what it leaves out.
  const floor = topK === 0 && topP < 1 ? (1 - topP) / probability.length : 0;
  const candidates: Candidate[] = [];
  for (let id = 0; id < probability.length; id++) {
    if (probability[id]! >= floor) candidates.push({ id, probability: probability[id]! });
  }
  if (topK > 0 || topP < 1) candidates.sort((a, b) => b.probability - a.probability || a.id - b.id);
  const likeliest = topK > 0 ? candidates.slice(0, topK) : candidates;
  const mass = topK > 0 ? likeliest.reduce((sum, { probability }) => sum + probability, 0) : 1;
  const enough = topP < 1 ? topP * mass : Infinity;
  let kept = 0;
  let count = 0;
  while (count < likeliest.length && (count === 0 || kept < enough)) kept += likeliest[count++]!.probability;
  return likeliest.slice(0, count).map(({ id, probability }) => ({ id, probability: probability / kept }));
}

/** The candidate at `point`, from 0 to 1, of the cumulated probabilities. */
export function drawToken(candidates: readonly Candidate[], point: number): number {
  let cumulated = 0;
  for (const { id, probability } of candidates) {
    cumulated += probability;
    if (point < cumulated) return id;
  }
  // Rounding may leave the sum just below 1.
  return candidates.at(-1)!.id;
}
