import { z } from "zod";

export const count = z.number().int().nonnegative();
export const share = z.number().min(0).max(1);

/** Wilson's interval for rates, the same at the effective number of questions for graded scores. One value has none. */
export const estimateSchema = z.object({
  value: z.number().describe("Mean over the questions it covers"),
  low: z.number().nullable().describe("Lower end of the 95% interval"),
  high: z.number().nullable().describe("Upper end of the 95% interval"),
  n: count.describe("How many questions (or citations) it is the mean of"),
});
export type Estimate = z.infer<typeof estimateSchema>;
