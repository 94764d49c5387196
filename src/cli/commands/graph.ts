import { counted } from "../../text/index.ts";
import { inspectGraph } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function graphCommand(
  session: Session,
  options: { around?: string; export?: string },
): Promise<unknown> {
  const { statistics, graph } = await inspectGraph(await session.open(), {
    ...(options.around !== undefined && { around: options.around }),
    ...(options.export !== undefined && { file: options.export }),
  });
  const { documents, passages, entities, edges, synonyms, communities, commonest, bare } = statistics;
  session.print(
    `${counted(documents, "document")}, ${counted(passages, "passage")}, ${counted(bare, "of them without an entity", "of them without an entity")}\n` +
      `${counted(entities.term, "term")}, ${counted(entities.name, "name")}, ${counted(entities.phrase, "noun phrase")}\n` +
      `${counted(edges, "edge")}, ${counted(synonyms, "of them between synonyms", "of them between synonyms")}; ${counted(communities, "community", "communities")}\n`,
  );
  if (!graph)
    for (const { label, passages } of commonest)
      session.print(`  ${label}: ${counted(passages, "passage")}\n`);
  else if (options.export !== undefined) {
    session.print(
      `${options.export}: ${counted(graph.nodes.length, "node")}, ${counted(graph.links.length, "link")}\n`,
    );
  } else {
    for (const { kind, label } of graph.nodes) session.print(`  ${kind}: ${label}\n`);
  }
  return { ...statistics, ...(graph && { graph }) };
}
