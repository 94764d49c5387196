import { z } from "zod";
import { exitCodes, type ErrorKind } from "./errors.ts";
import { questionRecordSchema } from "./question-record.ts";

// The shape of results.json. Every field is described here once; docs/results-schema.md lists the same fields for readers.
// A figure that does not exist (no citations, no unanswerable question) is null, never NaN.

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** Wilson interval for rates and for all 0 or all 1, percentile bootstrap (10,000 resamples) for graded scores. */
const estimateSchema = z.object({
  value: z.number().describe("Mean over the questions it covers"),
  low: z.number().describe("Lower end of the 95% interval"),
  high: z.number().describe("Upper end of the 95% interval"),
  n: count.describe("How many questions (or citations) it is the mean of"),
});
export type Estimate = z.infer<typeof estimateSchema>;

const pricesSchema = z.object({
  currency: z.string().describe("Written beside amounts, not converted"),
  cpu_hour: z.number().nonnegative().describe("Price of one hour of the machine on CPU"),
  gpu_hour: z.number().nonnegative().describe("Price of one hour with its GPU"),
  input_mtok: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      "A million prompt tokens. With `output_mtok`, answers are charged by the token, not by the hour; training never is",
    ),
  output_mtok: z.number().nonnegative().optional().describe("A million generated tokens"),
});
export type Prices = z.infer<typeof pricesSchema>;

const metricsSchema = z.object({
  correct: estimateSchema,
  exactMatch: estimateSchema,
  exactMatchNormalised: estimateSchema,
  f1: estimateSchema,
  f1Normalised: estimateSchema,
  rougeL: estimateSchema,
  rougeLNormalised: estimateSchema,
});
export type Metrics = z.infer<typeof metricsSchema>;

const byTypeSchema = z.array(
  z.object({ type: z.string(), correct: estimateSchema, f1Normalised: estimateSchema }),
);

const trainingRecordSchema = z.object({
  adapter: z.string().describe("Name or folder of the adapter"),
  examples: count,
  steps: count.describe("Optimizer steps"),
  bestStep: count.nullable().describe("Step of the checkpoint that was kept"),
  seconds: z.number().nonnegative(),
  device: z.enum(["cpu", "gpu"]),
  losses: z
    .array(z.object({ step: count, train: z.number().nullable(), validation: z.number().nullable() }))
    .describe("Loss in nats per completion token; null where it was not measured at that step"),
  retention: z
    .object({ before: z.number(), after: z.number() })
    .nullable()
    .describe("Loss on general text (nats per token) without and with the adapter"),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;

const armSummarySchema = z.discriminatedUnion("status", [
  z.object({
    name: z.string(),
    status: z.literal("failed"),
    error: z
      .object({
        code: z.string().describe("Stable, for programs: `LORAG_` and upper-case words"),
        kind: z
          .enum(Object.keys(exitCodes) as ErrorKind[])
          .describe("What kind of trouble it is; as an error of a command it decides the exit code (cli.md)"),
        message: z.string().describe("What happened, with the offending value"),
        next: z.string().describe("What to do about it"),
      })
      .describe("Why the arm failed"),
  }),
  z.object({
    name: z.string(),
    status: z.literal("ok"),
    metrics: metricsSchema,
    byType: byTypeSchema,
    classification: z
      .object({
        labels: count.describe("Size of the label set"),
        accuracy: estimateSchema,
        macroF1: z.number().describe("Mean F1 over the labels in the held-out golds"),
        offLabel: count.describe("Answers that are no label"),
      })
      .nullable()
      .describe("Present when the completions are a small set of labels"),
    abstention: z.object({
      answerable: count,
      unanswerable: count,
      abstained: count,
      withdrawn: count.describe("Abstentions that replaced an answer which nothing shown bore out"),
      precision: estimateSchema
        .nullable()
        .describe("Of the abstentions, the share on unanswerable questions"),
      recall: estimateSchema.nullable().describe("Of the unanswerable questions, the share abstained on"),
      falseRefusals: estimateSchema
        .nullable()
        .describe("Of the answerable questions, the share abstained on"),
    }),
    citations: z.object({
      cited: count.describe("Answers with at least one citation"),
      total: count,
      supported: estimateSchema
        .nullable()
        .describe(
          "Of all citations, the share whose passage has the answer's words and figures; not a check of sense",
        ),
      rightDocument: estimateSchema.nullable().describe("Of those with known gold documents"),
      correct: estimateSchema.nullable().describe("Supported, and not of a wrong document"),
    }),
    retrieval: z
      .object({
        k: count.describe("Most passages shown to any question"),
        recall: estimateSchema
          .nullable()
          .describe("Share of the gold documents among the passages shown; null where none are known"),
      })
      .nullable()
      .describe("Null for arms without retrieval"),
    latency: z.object({
      p50Ms: z.number(),
      p95Ms: z.number(),
      firstTokenP50Ms: z.number(),
      n: count.optional().describe("Questions it was measured on: those that were asked one at a time"),
    }),
    tokens: z
      .object({ prompt: z.number(), completion: z.number(), cached: z.number() })
      .describe("Mean per answer"),
    cost: z.object({
      per1000Answers: z.number().nonnegative(),
      basis: z.enum(["time", "tokens"]),
      n: count.describe(
        "Answers it was measured on; of time, those that were asked side by side in the longest run without a break",
      ),
      secondsPerAnswer: z.number().nonnegative().describe("Machine time, shared by the answers of a batch"),
      training: z.number().nonnegative(),
    }),
    training: trainingRecordSchema.nullable(),
  }),
]);
export type ArmSummary = z.infer<typeof armSummarySchema>;
export type ArmResult = Extract<ArmSummary, { status: "ok" }>;

const floorSchema = z.object({
  name: z.enum(["majority", "bm25-passage", "tfidf-logistic"]),
  description: z.string(),
  metrics: metricsSchema,
  byType: byTypeSchema,
});
export type Floor = z.infer<typeof floorSchema>;

const pairwiseTestSchema = z.object({
  metric: z.enum(["correct", "f1Normalised"]),
  test: z.enum(["mcnemar-exact", "paired-bootstrap"]),
  a: z.string(),
  b: z.string().describe("An arm, or the name of a floor"),
  against: z.enum(["arm", "floor"]).describe("Arm pairs and floor pairs are two families for Holm"),
  n: count,
  difference: z.number().describe("Mean of a minus mean of b"),
  low: z.number().describe("95% paired bootstrap interval of the difference"),
  high: z.number(),
  wins: count.describe("Questions on which a scores higher"),
  losses: count,
  ties: count,
  p: share.describe("Two-sided"),
  pHolm: share.describe("After Holm's correction over the family"),
  significant: z.boolean().describe("pHolm < 0.05"),
});
export type PairwiseTest = z.infer<typeof pairwiseTestSchema>;

const verdictSchema = z.object({
  outcome: z
    .enum(["winner", "no clear winner", "none"])
    .describe("`none`: every arm failed, or none is better than a floor"),
  winner: z.string().nullable().describe("Significantly better than every other arm on the primary metric"),
  choose: z
    .string()
    .nullable()
    .describe("What to use: the winner, or the cheapest of the arms tied for best"),
  tied: z.array(z.string()).describe("Best arm first, then those it is not significantly better than"),
  confidence: z.enum(["high", "moderate", "low"]),
  headline: z.string().describe("One sentence in plain words"),
  reasons: z.array(z.string()),
  next: z.array(z.string()).describe("What to do now"),
  caveats: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdictSchema>;

const breakEvenSchema = z.object({
  arm: z.string().describe("A trained arm"),
  against: z.string().describe("An untrained arm: the cheapest, and the best one if that is another"),
  requests: count
    .nullable()
    .describe(
      "Answers after which training has paid for itself; null: never, or the costs per answer differ by less than a tenth",
    ),
  words: z.string(),
});
export type BreakEven = z.infer<typeof breakEvenSchema>;

const runSchema = z.object({
  project: z.string(),
  when: z.string().describe("ISO 8601, UTC"),
  seed: z.number().int(),
  lorag: z.string().describe("Version of lorag"),
  machine: z.object({
    cpu: z.string(),
    cores: count,
    memoryGb: z.number(),
    platform: z.string().describe("For example `linux x64`"),
    node: z.string(),
    device: z.enum(["cpu", "gpu"]).describe("What the arms ran on; decides the hourly price"),
  }),
  models: z.object({ base: z.string(), embedder: z.string().nullable() }),
  split: z.object({
    train: count,
    validation: count,
    test: count.describe("Held-out questions"),
    hash: z.string().describe("SHA-256 of the held-out set: equal hashes mean comparable results"),
  }),
  warnings: z
    .array(z.string())
    .optional()
    .describe("What a reader should know of the run: few questions, skipped documents, dropped examples"),
});
export type Run = z.infer<typeof runSchema>;

export const resultsSchema = z.object({
  schema: z.literal(1),
  run: runSchema.describe("What was run, where and when"),
  prices: pricesSchema.describe("As configured"),
  task: z
    .enum(["classification", "short answers", "long answers"])
    .describe(
      "Read from the gold completions alone; decides what `correct` means and which metric is primary",
    ),
  primary: z.enum(["correct", "f1Normalised"]).describe("The metric the verdict rests on"),
  verdict: verdictSchema.describe("Which arm to use, and how sure that is"),
  arms: z.array(armSummarySchema).describe("In the order of the configuration"),
  floors: z.array(floorSchema).describe("Contenders without a language model"),
  tests: z
    .array(pairwiseTestSchema)
    .describe("Every pair of arms, every arm with every floor, on two metrics"),
  breakEven: z.array(breakEvenSchema).describe("When training pays for itself"),
  questions: z.array(questionRecordSchema).describe("Every held-out question with every answer and score"),
  passages: z
    .record(
      z.string(),
      z.object({
        documentId: z.string(),
        title: z.string(),
        headings: z.array(z.string()),
        text: z.string(),
        start: count,
        end: count,
      }),
    )
    .describe("Every passage shown or cited, by chunk id"),
});
export type Results = z.infer<typeof resultsSchema>;
