import { createSeedFinder } from "./find-seeds.ts";
import { exportGraph, type GraphExport } from "./export-graph.ts";
import type { Embed, PassageGraph } from "./passage-graph.ts";

export interface AnswerPaths extends GraphExport {
  /** For each passage that can be reached, ids from an entity of the question to it. */
  paths: string[][];
}

/**
 * How passages hang together with a question: the fewest links to each from an entity that the question names, over
 * mentions, synonyms and neighbours. Nodes and links are those of the paths; all are empty where the question names none.
 */
export async function answerPaths(
  graph: PassageGraph,
  embed: Embed,
  question: string,
  passages: readonly string[],
): Promise<AnswerPaths> {
  const seeds = await createSeedFinder(graph, embed)(question);
  const whole = exportGraph(graph);
  const entities = whole.nodes.filter(({ kind }) => kind !== "passage");
  const before = stepsFrom(
    seeds.map(({ entity }) => entities[entity]!.id),
    whole,
  );
  const paths = passages.flatMap((id) => (before.has(id) ? [pathTo(id, before)] : []));
  const on = new Set(paths.flat());
  return {
    paths,
    nodes: whole.nodes.filter(({ id }) => on.has(id)),
    links: whole.links.filter(({ source, target }) => on.has(source) && on.has(target)),
  };
}

/** From which node each one is first reached, breadth first; nothing for those where it begins. */
function stepsFrom(seeds: string[], { links }: GraphExport): Map<string, string | undefined> {
  const near = new Map<string, string[]>();
  const join = (from: string, to: string): void => {
    const known = near.get(from);
    if (known) known.push(to);
    else near.set(from, [to]);
  };
  for (const { source, target } of links) {
    join(source, target);
    join(target, source);
  }
  const before = new Map<string, string | undefined>(seeds.map((id) => [id, undefined]));
  // A map is gone through in the order in which it grows.
  for (const [id] of before) {
    for (const next of near.get(id) ?? []) if (!before.has(next)) before.set(next, id);
  }
  return before;
}

function pathTo(id: string, before: Map<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = id; at !== undefined; at = before.get(at)) path.unshift(at);
  return path;
}
