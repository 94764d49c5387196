import { z } from "zod";

const share = z.number().min(0).max(1);

/** How passages are found: the section `retrieval` of lorag.yaml, of which an arm may change parts. */
export const retrievalSchema = z.strictObject({
  mode: z
    .enum(["hybrid", "vector", "bm25"])
    .default("hybrid")
    .describe("How passages are searched. `hybrid` fuses what vectors and words find."),
  fusion: z
    .enum(["convex", "rrf"])
    .default("convex")
    .describe(
      "How `hybrid` makes one list of two: `convex` mixes the scores, `rrf` the ranks (reciprocal rank fusion).",
    ),
  dense_weight: share
    .default(0.7)
    .describe("Weight of the vectors in a `convex` mix; the words have the rest."),
  reranker: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Puts what was found in a better order: a cross-encoder (a BERT-type sequence classifier) by hub name, folder or name of `models`, or `sentences`: by the sentence nearest to the question.",
    ),
  diversity: share
    .optional()
    .describe(
      "Lambda of maximal marginal relevance: 1 is relevance alone, less puts passages that repeat better ones behind. Absent: only copies are left out.",
    ),
  rewrite: z
    .enum(["none", "rewrite", "hyde"])
    .default("none")
    .describe(
      "What the arm's model makes of a question before it is searched for: a query in other words (`rewrite`), or an imagined passage that answers it (`hyde`).",
    ),
  top_k: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .describe("Passages shown to the model. More find more and cost prompt tokens and time."),
  chunk_tokens: z
    .int()
    .min(32)
    .max(512)
    .default(128)
    .describe("Largest passage, in tokens of the embedding model, its headings included."),
  chunker: z
    .enum(["headings", "tokens", "rows", "code", "questions"])
    .default("headings")
    .describe(
      "How documents are cut into passages: `headings` along headings, paragraphs, rows of tables and sentences; `tokens` by length alone; `rows` each row of a table by itself; `code` by definitions; `questions` each question with its answer.",
    ),
});

export type RetrievalSettings = z.output<typeof retrievalSchema>;
