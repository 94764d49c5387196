import { z } from "zod";
import { count, estimateSchema } from "./estimate.ts";

/** What became of the terms of a question in an answer. */
export const termReportSchema = z.object({
  terms: z.array(
    z.object({
      source: z.string().describe("As the glossary has it"),
      required: z.array(z.string()).describe("What may be written for it"),
      found: z.string().nullable().describe("What the answer writes of that"),
      forbidden: z.array(z.string()).describe("Forbidden forms that the answer writes"),
      honoured: z.boolean(),
      shown: z
        .boolean()
        .describe("The model was shown it at first; one that it is likely to know is only checked"),
    }),
  ),
  missingFigures: z.array(z.string()).describe("Figures of the question that a translation lacks"),
  retried: z.boolean().describe("The model was asked a second time, with what was wrong"),
});
export type TermReport = z.infer<typeof termReportSchema>;

/** The same over all answers of an arm. */
export const termSummarySchema = z.object({
  total: count.describe("Terms of the glossary in the questions"),
  honoured: estimateSchema.describe("The share that the answers write as the glossary wants"),
  retried: count.describe("Answers that the model was asked for a second time"),
});

/** Of the questions whose `metadata.task` is `translation`, over all of them at once. */
export const translationSchema = z.object({
  n: count.describe("Questions"),
  chrf: z.number().describe("Corpus chrF2++, 0 to 100, as sacrebleu computes it"),
  bleu: z.number().describe("Corpus BLEU, 0 to 100, as sacrebleu computes it (13a, exponential smoothing)"),
});
