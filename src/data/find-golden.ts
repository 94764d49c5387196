import type { Chunk, Example, Hit } from "../contracts/index.ts";
import { wordsOf } from "./normalise.ts";
import { questionText } from "./question-text.ts";

/**
 * The passage that bears an example's answer: the chunk of its documents that shares most with the answer (rare words count
 * more); where they are unknown, or none of them is indexed, the hit that does. None of an unanswerable question.
 */
export async function findGolden(
  example: Example,
  hits: Hit[],
  chunksOf: (documentIds: string[]) => Promise<Chunk[]>,
): Promise<Chunk | undefined> {
  if (example.documents?.length === 0) return undefined;
  const candidates = example.documents ? await chunksOf(example.documents) : [];
  return mostShared(example, candidates.length > 0 ? candidates : hits.map((hit) => hit.chunk));
}

/** The chunk with most of the answer's words, each worth the less the more chunks have it; then the question's words. */
function mostShared(example: Example, chunks: Chunk[]): Chunk | undefined {
  const texts = chunks.map(
    (chunk) => new Set(wordsOf([chunk.title, ...chunk.headings, chunk.text].join("\n"))),
  );
  const scoresFor = (text: string): number[] => {
    const scores = texts.map(() => 0);
    for (const word of new Set(wordsOf(text))) {
      const holders = texts.flatMap((words, index) => (words.has(word) ? [index] : []));
      for (const index of holders) scores[index]! += 1 / holders.length;
    }
    return scores;
  };
  const byAnswer = scoresFor(example.completion);
  const byQuestion = scoresFor(questionText(example));
  let best: number | undefined;
  for (const index of chunks.keys()) {
    const gain = best === undefined ? 1 : byAnswer[index]! - byAnswer[best]!;
    if (best === undefined || gain > 0 || (gain === 0 && byQuestion[index]! > byQuestion[best]!))
      best = index;
  }
  return best === undefined ? undefined : chunks[best];
}
