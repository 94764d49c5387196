import type { Chunk, Example, Message, Retrieve } from "../contracts/index.ts";
import { findGolden } from "./find-golden.ts";
import { randomStream, shuffle } from "../random/index.ts";

export interface RaftOptions {
  /** The same function that serves at answer time; asked with the last user message, as there. */
  retrieve: Retrieve;
  /** All chunks of these documents; ids that are not indexed contribute none. */
  chunksOf: (documentIds: string[]) => Promise<Chunk[]>;
  /**
   * Puts the passages in front of the question exactly as at answer time. `golden` is the place (0-based) of the
   * passage that bears the answer, for a house style that cites it; absent when it is withheld or there is none.
   */
  render: (example: Example, passages: Chunk[], golden?: number) => { prompt: Message[]; completion: string };
  /** Passages in each prompt, the golden one included. */
  passages: number;
  /** Counts the tokens of an example as rendered, and the most that one may have to be trained on. */
  tokensOf: (example: Example) => number;
  mostTokens: number;
  /** Share of answerable questions that are shown their golden passage: 1 always, 0 never. RAFT's P. */
  goldenShare: number;
  seed: number;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}

/**
 * Training examples with retrieved context, after RAFT (Zhang et al. 2024, arXiv 2403.10131): each question is shown its
 * golden passage among distractors that the retriever finds for it, in random order, and the gold answer is the target.
 * In the `1 - goldenShare` rest the golden passage is withheld. What the target is then is for `render` to say: the gold
 * answer, as in the paper, teaches the domain by heart; an abstention teaches to keep to the passages.
 *
 * Questions with the same golden passage are shown the same context, distractors of each in turn: training then reads
 * it once for all of them. Where it would not fit, the last distractors are left out: an example with fewer of them is
 * worth more than none.
 *
 * The golden passage is the chunk of `example.documents` that shares most with the answer (rare words count more);
 * where the documents are unknown, or none of them is indexed, the retrieved chunk that does. Unanswerable questions
 * (`documents: []`) see distractors only.
 */
export async function buildRaftExamples(examples: Example[], options: RaftOptions): Promise<RaftExamples> {
  const contexts: Context[] = [];
  const byGolden = new Map<string, Context>();
  for (const [index, example] of examples.entries()) {
    options.signal?.throwIfAborted();
    const random = randomStream(options.seed, index);
    // One more than needed: the golden passage may be among the hits.
    const hits = await options.retrieve(example.prompt.at(-1)?.content ?? "", options.passages + 1);
    const golden = await findGolden(example, hits, options.chunksOf);
    const distractors = hits.map((hit) => hit.chunk).filter((chunk) => chunk.id !== golden?.id);
    const shown = golden !== undefined && random() < options.goldenShare ? golden : undefined;
    const asked = { index, distractors };
    const known = shown && byGolden.get(shown.id);
    if (known) known.asked.push(asked);
    else {
      const context = { golden: shown, asked: [asked], random };
      contexts.push(context);
      if (shown) byGolden.set(shown.id, context);
    }
    options.onProgress?.(index + 1);
  }

  const built: Example[] = [];
  const shortened: string[] = [];
  let longest = 0;
  const fits = (example: Example): boolean => options.tokensOf(example) <= options.mostTokens;
  for (const { golden, asked, random } of contexts) {
    const distractors = inTurn(asked.map((one) => one.distractors));
    const passages = (golden ? [golden, ...distractors] : distractors).slice(0, options.passages);
    const order = shuffle(passages, random);
    const show = (count: number): Example[] => {
      const shown = order.filter((chunk) => passages.indexOf(chunk) < count);
      const place = golden && shown.indexOf(golden);
      return asked.map(({ index }) => {
        const example = examples[index]!;
        return { ...example, ...options.render(example, shown, place) };
      });
    };
    let count = passages.length;
    let rendered = show(count);
    const length = Math.max(...rendered.map(options.tokensOf));
    if (length > options.mostTokens && count > 1) {
      // A question that has no room for one passage is no reason to show the others less.
      const possible = show(1).map(fits);
      const allFit = (): boolean => rendered.every((example, i) => !possible[i] || fits(example));
      while (count > 1 && !allFit()) rendered = show(--count);
    }
    if (count < passages.length) {
      shortened.push(...rendered.map(({ id }) => id));
      longest = Math.max(longest, length);
    }
    for (const [i, { index }] of asked.entries()) built[index] = rendered[i]!;
  }
  return { examples: built, shortened, longest };
}

export interface RaftExamples {
  examples: Example[];
  /** Ids of those that are shown fewer distractors than asked for, and the tokens that the longest would have had. */
  shortened: string[];
  longest: number;
}

/** What one or more questions are shown. */
interface Context {
  golden: Chunk | undefined;
  asked: { index: number; distractors: Chunk[] }[];
  random: () => number;
}

/** The first of each list, then the second of each, and so on; each chunk once. */
function inTurn(lists: Chunk[][]): Chunk[] {
  const longest = Math.max(...lists.map((list) => list.length));
  const all = Array.from({ length: longest }, (_, rank) => lists.flatMap((list) => list[rank] ?? [])).flat();
  return [...new Map(all.map((chunk) => [chunk.id, chunk])).values()];
}
