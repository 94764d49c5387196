import { dot } from "../../vectors/index.ts";

/** An example whose label its neighbours speak against. */
export interface LabelError {
  index: number;
  /** What most of its neighbours are labelled. */
  suggested: string;
  /** Of the label that it has, and of the one suggested: shares of the neighbours' votes. */
  confidence: number;
  suggestedConfidence: number;
}

const neighbours = 15;
/** Neighbours are looked for among the examples of this many labels, those whose centres are nearest. */
const nearLabels = 8;

/**
 * Probable label errors by confident learning (Northcutt, Jiang and Chuang 2021, arXiv 1911.00068): an example's
 * probability of each label comes from its nearest neighbours without itself (leave-one-out), each weighing by its
 * cosine; it is told where another label's probability reaches what is usual for examples of that label, and is the
 * highest. Most doubtful first. `vectors` are of length 1.
 */
export async function findLabelErrors(
  labels: string[],
  vectors: Float32Array[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<LabelError[]> {
  const votes = await votesOf(labels, vectors, signal);
  // What is usual for a label: the mean probability of it among the examples that have it.
  const sums = new Map<string, { sum: number; count: number }>();
  for (const [index, label] of labels.entries()) {
    const of = sums.get(label) ?? { sum: 0, count: 0 };
    sums.set(label, { sum: of.sum + (votes[index]!.get(label) ?? 0), count: of.count + 1 });
  }
  const usual = new Map([...sums].map(([label, { sum, count }]) => [label, sum / count]));
  const errors: LabelError[] = [];
  for (const [index, label] of labels.entries()) {
    const own = votes[index]!.get(label) ?? 0;
    const [best] = [...votes[index]!].sort((a, b) => b[1] - a[1]);
    if (!best || best[0] === label || best[1] <= own || best[1] < Math.max(usual.get(best[0])!, 0.5))
      continue;
    errors.push({ index, suggested: best[0], confidence: own, suggestedConfidence: best[1] });
  }
  return errors.sort((a, b) => b.suggestedConfidence - b.confidence - (a.suggestedConfidence - a.confidence));
}

/** For each example the shares of its neighbours' votes, by label. */
async function votesOf(
  labels: string[],
  vectors: Float32Array[],
  signal?: AbortSignal,
): Promise<Map<string, number>[]> {
  const members = new Map<string, number[]>();
  for (const [index, label] of labels.entries()) members.set(label, [...(members.get(label) ?? []), index]);
  const centres = [...members].map(([label, own]) => ({
    label,
    centre: sumOf(own.map((index) => vectors[index]!)),
  }));
  const votes: Map<string, number>[] = [];
  for (const [index, vector] of vectors.entries()) {
    if (index % 100 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
    const labelsNear = centres
      .map(({ label, centre }) => ({ label, score: dot(vector, centre) / Math.sqrt(dot(centre, centre)) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, nearLabels)
      .map(({ label }) => label);
    const others = new Set([...labelsNear, labels[index]!]);
    const near = [...others]
      .flatMap((label) => members.get(label)!)
      .filter((other) => other !== index)
      .map((other) => ({ other, cosine: Math.max(dot(vector, vectors[other]!), 0) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, neighbours);
    const total = near.reduce((sum, { cosine }) => sum + cosine, 0) || 1;
    const shares = new Map<string, number>();
    for (const { other, cosine } of near) {
      const label = labels[other]!;
      shares.set(label, (shares.get(label) ?? 0) + cosine / total);
    }
    votes.push(shares);
  }
  return votes;
}

function sumOf(vectors: Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
  return sum;
}
