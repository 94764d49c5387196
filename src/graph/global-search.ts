import type { Chunk } from "../contracts/index.ts";
import type { Community } from "./communities.ts";
import type { PassageGraph } from "./passage-graph.ts";

export interface GlobalSearchOptions {
  /** Whether a passage says something on the question: a model's yes or no, or a threshold. */
  isRelevant: (question: string, chunk: Chunk) => Promise<boolean>;
  /** Passages by how likely they are to be relevant, best first; those left out come last. */
  ranking: readonly Chunk[];
  /** Most tests of relevance in all. */
  budget?: number;
}

export interface GlobalFinding {
  chunk: Chunk;
  /** The community under which it was found. */
  community: Community;
}

/** The settings of Microsoft's LazyGraphRAG, where it looks at each community. */
const testsPerCommunity = 10;
const defaultBudget = 20;
/** So many irrelevant passages in a row end the look at a community. */
const patience = 5;

/**
 * The passages that an answer about the whole corpus should look at: best first over the communities, as LazyGraphRAG
 * does. Communities are visited by the rank of their best passage, the large ones first and then their parts; one
 * without a relevant passage is dropped with its parts; in the end the neighbours of what was found are tested.
 * Stops when `budget` passages were tested.
 */
export async function searchGlobally(
  question: string,
  graph: PassageGraph,
  communities: readonly Community[],
  { isRelevant, ranking, budget = defaultBudget }: GlobalSearchOptions,
): Promise<{ findings: GlobalFinding[]; tests: number }> {
  const passagesOf = rankedPassages(graph, communities, ranking);
  const byBest = (a: Community, b: Community): number =>
    (passagesOf[a.id]![0] ?? Infinity) - (passagesOf[b.id]![0] ?? Infinity) || a.id - b.id;
  const order = rankPassages(graph, ranking);
  const verdicts = new Map<number, boolean>();
  const findings: GlobalFinding[] = [];

  /** Whether any of these is relevant that was not tested before, or was found before. */
  const test = async (ranks: readonly number[], community: Community): Promise<boolean> => {
    let hit = false;
    let misses = 0;
    let tested = 0;
    for (const rank of ranks) {
      const known = verdicts.get(rank);
      if (known !== undefined) {
        hit ||= known;
        continue;
      }
      if (verdicts.size >= budget || tested >= testsPerCommunity || misses >= patience) break;
      tested++;
      const { chunk } = graph.passages[order[rank]!]!;
      const relevant = await isRelevant(question, chunk);
      verdicts.set(rank, relevant);
      if (relevant) findings.push({ chunk, community });
      misses = relevant ? 0 : misses + 1;
      hit ||= relevant;
    }
    return hit;
  };

  let level = communities.filter(({ parent }) => parent === undefined);
  while (level.length > 0 && verdicts.size < budget) {
    const next: Community[] = [];
    for (const community of level.toSorted(byBest)) {
      if (verdicts.size >= budget) break;
      const hit = await test(passagesOf[community.id]!, community);
      if (hit) next.push(...community.children.map((id) => communities[id]!));
    }
    level = next;
  }
  for (const { chunk, community } of findings.slice()) {
    await test(neighbours(graph, order, chunk), community);
  }
  return { findings, tests: verdicts.size };
}

/** Places of the passages, by rank. */
function rankPassages({ passages }: PassageGraph, ranking: readonly Chunk[]): number[] {
  const places = new Map(passages.map(({ chunk }, place) => [chunk.id, place]));
  const ranked = ranking.flatMap(({ id }) => places.get(id) ?? []);
  const seen = new Set(ranked);
  return [...seen, ...[...passages.keys()].filter((place) => !seen.has(place))];
}

/** For each community, the ranks of the passages that mention one of its entities, ascending. */
function rankedPassages(
  graph: PassageGraph,
  communities: readonly Community[],
  ranking: readonly Chunk[],
): number[][] {
  const order = rankPassages(graph, ranking);
  const byEntity = new Map<string, number[]>();
  for (const [rank, place] of order.entries()) {
    for (const { key } of graph.passages[place]!.mentions) {
      const ranks = byEntity.get(key);
      if (ranks) ranks.push(rank);
      else byEntity.set(key, [rank]);
    }
  }
  return communities.map(({ entities }) => {
    const ranks = entities.flatMap((entity) => byEntity.get(graph.entities[entity]!.key) ?? []);
    return [...new Set(ranks)].sort((a, b) => a - b);
  });
}

/** The ranks of the passages before and after one in its document. */
function neighbours({ passages }: PassageGraph, order: readonly number[], chunk: Chunk): number[] {
  const place = passages.findIndex((passage) => passage.chunk.id === chunk.id);
  return [place - 1, place + 1]
    .filter((other) => passages[other]?.chunk.documentId === chunk.documentId)
    .map((other) => order.indexOf(other));
}
