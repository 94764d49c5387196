import {
  answerPaths,
  exportGraph,
  graphStatistics,
  toGraphml,
  type AnswerPaths,
  type GraphExport,
  type GraphStatistics,
  type PassageGraph,
} from "../graph/index.ts";
import { LoragError, type Embedder } from "../contracts/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import type { Context } from "./context.ts";
import { indexOf } from "./index-spec.ts";
import { runProject } from "./run-project.ts";
import { updateIndexes } from "./steps/update-indexes.ts";
import { bringGraphUpToDate } from "./steps/update-graph.ts";

export interface GraphRequest {
  /** One entity with its surroundings, instead of all. */
  around?: string;
  /** A file to write, `.graphml` or `.json`. */
  file?: string;
}

/**
 * Brings the index and the graph of a project up to date, and tells what the graph holds. Throws LORAG_USAGE for a file
 * of another kind, LORAG_NO_ENTITY.
 */
export async function inspectGraph(
  context: Context,
  { around, file }: GraphRequest,
): Promise<{ statistics: GraphStatistics; graph?: GraphExport }> {
  const format = file === undefined ? undefined : /\.(graphml|json)$/iu.exec(file)?.[1]?.toLowerCase();
  if (file !== undefined && !format) throw otherFormat(file);
  return withGraph(context, async (graph) => {
    const statistics = graphStatistics(graph);
    if (around === undefined && file === undefined) return { statistics };
    const exported = exportGraph(graph, around);
    if (file !== undefined) {
      await writeFileAtomic(
        file,
        format === "graphml" ? toGraphml(exported) : `${JSON.stringify(exported)}\n`,
      );
    }
    return { statistics, graph: exported };
  });
}

/** How the passages that an answer was given hang together with its question. */
export function traceAnswer(context: Context, question: string, passages: string[]): Promise<AnswerPaths> {
  return withGraph(context, (graph, embedder) =>
    answerPaths(graph, (texts) => embedder.embed(texts), question, passages),
  );
}

/** Opens the graph of the project's own index, brought up to date. */
function withGraph<Result>(
  context: Context,
  work: (graph: PassageGraph, embedder: Embedder) => Promise<Result>,
): Promise<Result> {
  return runProject(context, async (parts) => {
    const spec = indexOf(context.project);
    await parts.checkEmbeddingModel(spec);
    const { chunksOf } = (await updateIndexes(context, parts)).indexes.get(spec.key)!;
    const { embedder } = await parts.index(spec);
    return work(await bringGraphUpToDate(spec.folder, chunksOf, embedder), embedder);
  });
}

function otherFormat(file: string): LoragError {
  return new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `A graph cannot be written as ${JSON.stringify(file)}`,
    next: "Give the file a name that ends in .graphml or .json.",
  });
}
