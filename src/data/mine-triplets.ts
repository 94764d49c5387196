import type { Chunk, Example, Retrieve } from "../contracts/index.ts";
import { chunkText } from "../documents/index.ts";
import { findGolden } from "./find-golden.ts";
import { normalise } from "./normalise.ts";

export interface MiningOptions {
  /** By the embedding model as it is; asked with the last user message, as at answer time. */
  retrieve: Retrieve;
  /** All chunks of these documents; ids that are not indexed contribute none. */
  chunksOf: (documentIds: string[]) => Promise<Chunk[]>;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/** Where hard negatives are looked for. */
const mostHits = 10;

/**
 * What an embedding model is tuned on: each question with the passage that answers it as `completion`, found as for RAFT, and the
 * best-ranked passage that does not hold the answer as `rejected`, a hard negative. Questions that no passage answers are left out.
 */
export async function mineTriplets(examples: Example[], options: MiningOptions): Promise<Example[]> {
  const triplets: Example[] = [];
  for (const [index, example] of examples.entries()) {
    options.signal?.throwIfAborted();
    const question = example.prompt.at(-1)?.content ?? "";
    const hits = await options.retrieve(question, mostHits);
    const golden = await findGolden(example, hits, options.chunksOf);
    if (golden) {
      const answer = normalise(example.completion);
      const wrong = hits.find(
        ({ chunk }) => chunk.id !== golden.id && !normalise(chunkText(chunk)).includes(answer),
      );
      const { rejected: _, ...rest } = example;
      triplets.push({
        ...rest,
        prompt: [{ role: "user", content: question }],
        completion: chunkText(golden),
        ...(wrong && { rejected: chunkText(wrong.chunk) }),
      });
    }
    options.onProgress?.(index + 1);
  }
  return triplets;
}
