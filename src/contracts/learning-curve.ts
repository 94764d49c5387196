import { z } from "zod";
import { count, estimateSchema, share } from "./estimate.ts";

// How the score grows with the number of training examples, as results.json tells it.

export const learningCurveSchema = z.object({
  points: z
    .array(z.object({ examples: count, score: estimateSchema }))
    .describe(
      "The primary metric by the number of training examples, fewest first; the last are all of them",
    ),
  fitted: z
    .array(z.object({ examples: count, value: share, low: share, high: share }))
    .describe("The fitted curve, and on to 8 times the examples"),
  doubling: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .describe(
      "What twice the examples are expected to add to the score, with an interval that holds it 9 times in 10",
    ),
  target: z
    .object({
      name: z.string().describe("The arm to pass: the best one that is not trained"),
      score: share,
      examples: z
        .object({ value: count, low: count, high: count.nullable() })
        .nullable()
        .describe(
          "Examples to pass it; null if no number can be given; `high` null: beyond what can be told",
        ),
    })
    .nullable()
    .describe("Null where there is none, or it is passed already"),
  help: z
    .enum(["likely", "unlikely", "unknown"])
    .describe("Whether more examples help: by a point at least for twice as many"),
  words: z.string(),
});
export type LearningCurve = z.infer<typeof learningCurveSchema>;
