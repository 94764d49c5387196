import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { greedy } from "../../contracts/index.ts";
import { seededRandom } from "../../random/index.ts";
import { chooseToken, drawToken, nucleus, penalizeRepetition, probabilities } from "./sampling.ts";

const logits = fc
  .array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 60 })
  .map((values) => Float32Array.from(values));

describe("sampling", () => {
  it("takes the first of the likeliest tokens at temperature 0", () => {
    const scores = Float32Array.of(1, 5, 5, -2);
    expect(chooseToken(scores, greedy, [], () => 0)).toBe(1);
  });

  it("makes seen tokens less likely, whatever their sign", () => {
    const scores = penalizeRepetition(Float32Array.of(2, 2, -2, -2), [0, 2, 2], 2);
    expect([...scores]).toEqual([1, 2, -4, -2]);
    expect(chooseToken(Float32Array.of(2, 1.5), { ...greedy, repetitionPenalty: 2 }, [0], () => 0)).toBe(1);
  });

  it("keeps the fewest tokens whose probability reaches top_p, and at least one", () => {
    const distribution = Float64Array.of(0.1, 0.5, 0.15, 0.25);
    expect(nucleus(distribution, 0, 0.7).map(({ id }) => id)).toEqual([1, 3]);
    expect(nucleus(distribution, 0, 0.01).map(({ id }) => id)).toEqual([1]);
    expect(nucleus(distribution, 3, 1).map(({ id }) => id)).toEqual([1, 3, 2]);
    // Of the two likeliest, the first alone holds two thirds.
    expect(nucleus(distribution, 2, 0.6)).toEqual([{ id: 1, probability: 1 }]);
  });

  it("agrees with a plain reading of top_k and top_p on any distribution", () => {
    const run = (scores: Float32Array, topK: number, topP: number) => {
      const distribution = probabilities(scores, 1);
      const sorted = [...distribution.keys()].sort((a, b) => distribution[b]! - distribution[a]! || a - b);
      const likeliest = topK > 0 ? sorted.slice(0, topK) : sorted;
      const mass = topK > 0 ? likeliest.reduce((sum, id) => sum + distribution[id]!, 0) : 1;
      const enough = topP < 1 ? topP * mass : Infinity;
      const kept: number[] = [];
      for (let sum = 0; kept.length < likeliest.length && (kept.length === 0 || sum < enough);) {
        sum += distribution[likeliest[kept.length]!]!;
        kept.push(likeliest[kept.length]!);
      }
      const chosen = nucleus(distribution, topK, topP);
      expect(new Set(chosen.map(({ id }) => id))).toEqual(new Set(kept));
      expect(chosen.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    };
    fc.assert(fc.property(logits, fc.nat({ max: 20 }), fc.double({ min: 0.05, max: 1, noNaN: true }), run));
  });

  it("draws each token as often as its probability says", () => {
    const random = seededRandom(7);
    const candidates = nucleus(Float64Array.of(0.2, 0.5, 0.3), 0, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[drawToken(candidates, random())]!++;
    [0.2, 0.5, 0.3].forEach((share, id) => expect(counts[id]! / 20_000).toBeCloseTo(share, 1.7));
  });

  it("gives the same choices for the same seed", () => {
    const scores = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => chooseToken(scores, { ...greedy, temperature: 1 }, [], random));
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it("leaves the logits as they were", () => {
    fc.assert(
      fc.property(logits, (scores) => {
        const before = scores.slice();
        chooseToken(
          scores,
          { ...greedy, temperature: 0.7, topP: 0.9, repetitionPenalty: 1.3 },
          [0, 1],
          () => 0.5,
        );
        expect(scores).toEqual(before);
      }),
    );
  });
});
