import { z } from "zod";

/** How passages are found: the section `retrieval` of lorag.yaml, of which an arm may change parts. */
export const retrievalSchema = z.strictObject({
  mode: z
    .enum(["hybrid", "vector", "bm25"])
    .default("hybrid")
    .describe("How passages are searched. `hybrid` fuses both lists by reciprocal rank."),
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
