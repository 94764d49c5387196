import { z } from "zod";
import { exitCodes, type ErrorKind } from "./errors.ts";
import { count, estimateSchema, share } from "./estimate.ts";
import { gradingModes } from "./grading.ts";
import { learningCurveSchema } from "./learning-curve.ts";
import { questionRecordSchema } from "./question-record.ts";
import { termSummarySchema, translationSchema } from "./terms.ts";

// The shape of results.json. Every field is described here once; docs/results-schema.md lists the same fields for readers.
// A figure that does not exist (no citations, no unanswerable question) is null, never NaN.

const pricesSchema = z.object({
  currency: z.string().describe("Written beside amounts, not converted"),
  cpu_hour: z.number().nonnegative().describe("Price of one hour of the machine"),
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
    .array(
      z.object({
        step: count,
        train: z.number().nullable(),
        validation: z.number().nullable(),
        accuracy: share
          .optional()
          .describe(
            "Of heads: share of the validation labels that are right; of DPO: of pairs preferred as told",
          ),
        margin: z
          .number()
          .optional()
          .describe("Of DPO: by how much the better answers are rewarded more (TRL's rewards/margins)"),
      }),
    )
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
    model: z.string().describe("The model that answers"),
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
    model: z.string().describe("The model that answers"),
    baseline: z
      .string()
      .nullable()
      .describe("The arm that it is tested against besides the best; null for one that is its own baseline"),
    status: z.literal("ok"),
    metrics: metricsSchema.describe("Over questions, and over trainings where there are several"),
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
    terms: termSummarySchema.nullable().describe("Null for arms without a glossary"),
    translation: translationSchema.nullable().describe("Null where no question asks for a translation"),
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
      .object({
        prompt: z.number(),
        completion: z.number(),
        cached: z.number(),
        thinking: z.number().describe("Of the completion, spent on reasoning that is no part of the answer"),
        estimated: z.boolean().describe("Counted here for some answers, as the model's server did not say"),
      })
      .describe("Mean per answer"),
    cost: z.object({
      per1000Answers: z.number().nonnegative(),
      low: z
        .number()
        .nonnegative()
        .nullable()
        .describe("Lower end of its 95% interval; null where it was measured on too little"),
      high: z.number().nonnegative().nullable().describe("Upper end of its 95% interval"),
      basis: z.enum(["time", "tokens"]),
      n: count.describe(
        "Answers it was measured on; of time, those that were asked side by side in the longest run without a break",
      ),
      secondsPerAnswer: z.number().nonnegative().describe("Machine time, shared by the answers of a batch"),
      training: z.number().nonnegative(),
    }),
    training: trainingRecordSchema
      .nullable()
      .describe("Of the run's seed, whose adapter is the one that is kept"),
    trainings: z
      .array(z.object({ seed: z.number().int(), correct: share, f1Normalised: share }))
      .describe(
        "What each training scores, that of the run's seed first; empty for an arm that is not trained",
      ),
    curve: learningCurveSchema.nullable().describe("Null where it was not trained on fewer examples as well"),
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
  test: z
    .enum(["mcnemar-exact", "sign-flip", "sign-flip-and-trainings"])
    .describe(
      "McNemar's for right and wrong, else the sign-flip test; with several trainings, no less than a t test that counts their luck",
    ),
  a: z.string().describe("An arm"),
  b: z.string().describe("An arm, or the name of a floor"),
  against: z
    .enum(["baseline", "best", "floor"])
    .describe(
      "Why b: it is a's baseline; a is the best arm on this metric, and b any other; it is the best floor. Each is a family for Holm's correction",
    ),
  n: count,
  difference: z.number().describe("Mean of a minus mean of b"),
  low: z
    .number()
    .nullable()
    .describe("Lower end of the 95% interval of the difference; null for one question"),
  high: z.number().nullable().describe("Upper end of the 95% interval"),
  wins: count.describe("Questions on which a scores higher"),
  losses: count,
  ties: count,
  p: share.describe("Two-sided"),
  pHolm: share.describe(
    "After Holm's correction over the family; in that of the best arm, for all pairs that could have been tested",
  ),
  significant: z.boolean().describe("pHolm < 0.05, and the interval leaves out 0"),
  equal: z.boolean().describe("The interval lies within 5 points of 0: as good as each other"),
  needed: count
    .nullable()
    .describe(
      "Questions at which the difference would be told, or shown to be within 5 points; null if that is so now, or no reasonable number would do",
    ),
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
  selection: z
    .object({
      arms: count.describe("How many it was picked from"),
      optimism: z
        .number()
        .describe("By how much its score is likely too high for that, by bootstrap over the questions"),
    })
    .nullable()
    .describe("What picking the best arm on the same questions does to its score; null for one arm"),
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

const judgeSchema = z.object({
  model: z.string(),
  answers: count.describe("Answers that it graded"),
  failed: count.describe("Of those, answers that it called neither right nor wrong, which count as wrong"),
  agreement: estimateSchema
    .nullable()
    .describe(
      "How often it was right on golds whose grade is known: each gold is right for its own question, and wrong for another; null where there are too few",
    ),
  cost: z.number().nonnegative().describe("Of all it was asked"),
  promptTokens: count,
  completionTokens: count,
});
export type JudgeSummary = z.infer<typeof judgeSchema>;

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
  indexes: z
    .record(z.string(), count)
    .optional()
    .describe(
      "Of each index that was searched, by its key (`default` is the project's own), the number of the state it was in; absent where none was",
    ),
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
  schema: z.literal(2),
  run: runSchema.describe("What was run, where and when"),
  prices: pricesSchema.describe("As configured"),
  task: z
    .enum(["classification", "short answers", "long answers"])
    .describe(
      "Read from the gold completions alone; decides what `correct` means and which metric is primary",
    ),
  primary: z.enum(["correct", "f1Normalised"]).describe("The metric the verdict rests on"),
  grading: z
    .enum(gradingModes)
    .describe("How answers are graded where a question does not say otherwise, as configured"),
  judges: z.array(judgeSchema).describe("The models that graded answers; empty where none did"),
  verdict: verdictSchema.describe("Which arm to use, and how sure that is"),
  arms: z.array(armSummarySchema).describe("In the order of the configuration"),
  floors: z.array(floorSchema).describe("Contenders without a language model"),
  tests: z
    .array(pairwiseTestSchema)
    .describe(
      "Every arm with its baseline, the best arm with every other, every arm with the best floor, on two metrics",
    ),
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
