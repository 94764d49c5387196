import { z } from "zod";
import { count, share } from "./estimate.ts";
import { termReportSchema } from "./terms.ts";
import { gradingModes } from "./grading.ts";

const scoresSchema = z.object({
  correct: z
    .union([z.literal(0), z.literal(1)])
    .describe("Right or wrong, blind to answer style; see `task`"),
  exactMatch: share.describe("SQuAD exact match of the whole text but its [n] markers"),
  exactMatchNormalised: share.describe("The same between short answers"),
  f1: share.describe("SQuAD token F1 of the whole text but its [n] markers"),
  f1Normalised: share.describe("The same between short answers; 1 or 0 where an abstention decides"),
  rougeL: share.describe("ROUGE-L F of the whole text but its [n] markers"),
  rougeLNormalised: share.describe("The same between short answers; 1 or 0 where an abstention decides"),
});
export type Scores = z.infer<typeof scoresSchema>;
export type MetricName = keyof Scores;

const citationSchema = z.object({
  marker: count.describe("The n of [n]"),
  chunkId: z.string().describe("Key into `passages`"),
  documentId: z.string(),
  title: z.string(),
  headings: z.array(z.string()),
  start: count,
  end: count,
  verdict: z
    .enum(["supported", "unsupported"])
    .describe("Whether the passage has the answer's words and figures; not a check of sense"),
  rightDocument: z
    .boolean()
    .nullable()
    .describe("The document is one of the gold documents; null if unknown"),
  correct: z.boolean().describe("Supported, and not of a wrong document"),
});

const why = z.string().describe("Why it is right or wrong, in one sentence");

const answerRecordSchema = z.object({
  text: z.string().describe("What the arm answered"),
  short: z.string().describe("The short answer that the normalised scores compare"),
  abstained: z.boolean(),
  withdrawn: z
    .string()
    .optional()
    .describe(
      "What the model wrote, where all of it or some sentences were taken back because nothing shown bore them out",
    ),
  terms: termReportSchema
    .optional()
    .describe("What became of the glossary's terms, where the arm uses one and the question has some"),
  hits: z
    .array(z.object({ chunkId: z.string().describe("Key into `passages`"), score: z.number() }))
    .describe("Passages shown to the model, best first"),
  citations: z.array(citationSchema),
  usage: z.object({
    promptTokens: count,
    completionTokens: count,
    cachedTokens: count,
    thinkingTokens: count
      .optional()
      .describe("Of the completion, tokens spent on reasoning that is no part of the answer"),
    estimated: z.literal(true).optional().describe("Counted here, as the model's server did not say"),
  }),
  alone: z
    .boolean()
    .describe(
      "Asked by itself, so that its latency is what one user waits and counts in the arm's `latency`; most questions are asked side by side and wait for one another",
    ),
  latencyMs: z.number().nonnegative().describe("Retrieval included"),
  firstTokenMs: z.number().nonnegative().describe("Measured as `latencyMs` is"),
  scores: scoresSchema,
  overridden: z
    .object({ was: z.boolean().describe("Whether it was right before"), reason: z.string() })
    .optional()
    .describe("Present where a person has set the grade, with the reason"),
  why,
  retrained: z
    .array(
      z.object({
        seed: z.number().int(),
        text: z.string(),
        abstained: z.boolean(),
        scores: scoresSchema,
        why,
      }),
    )
    .optional()
    .describe("What trainings with other seeds answer"),
});
export type AnswerRecord = z.infer<typeof answerRecordSchema>;

/** One held-out question in results.json: what each arm and floor answered, and how it scored. */
export const questionRecordSchema = z.object({
  id: z.string(),
  type: z.string().nullable().describe("The example's label, for the breakdown"),
  prompt: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
  gold: z.string().describe("The completion of the example"),
  goldShort: z.string().describe("Its short answer"),
  goldDocuments: z.array(z.string()).nullable().describe("Empty when unanswerable, null when unknown"),
  grading: z
    .object({
      mode: z.enum([...gradingModes, "abstention"]),
      why: z.string().describe("Whose rule that is, in one sentence"),
    })
    .describe("How its answers are graded; `abstention`: only declining is right"),
  arms: z.record(z.string(), answerRecordSchema).describe("By arm name; failed arms are absent"),
  floors: z.record(z.string(), z.object({ text: z.string(), scores: scoresSchema, why })),
});
export type QuestionRecord = z.infer<typeof questionRecordSchema>;
