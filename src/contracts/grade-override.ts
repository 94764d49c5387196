import { z } from "zod";

/** A grade that a person has set aside: a line of `grade-overrides.jsonl` in the project's folder. */
export const gradeOverrideSchema = z.object({
  question: z.string().describe("Id"),
  arm: z.string(),
  /** An override is of one answer: another answer of the same arm is graded anew. */
  answer: z.string().describe("The answer's text"),
  correct: z.boolean().nullable().describe("Null takes an earlier line back"),
  reason: z.string(),
  at: z.string().describe("ISO 8601, UTC"),
});
export type GradeOverride = z.infer<typeof gradeOverrideSchema>;
