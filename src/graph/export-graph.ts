import { LoragError } from "../contracts/index.ts";
import { entityKey } from "./entity.ts";
import type { PassageGraph } from "./passage-graph.ts";

export interface GraphNode {
  id: string;
  kind: "passage" | "term" | "name" | "phrase";
  label: string;
}

export interface GraphLink {
  source: string;
  target: string;
  kind: "mentions" | "next" | "synonym";
  /** Mentions, or the likeness of synonyms; 1 for passages that follow each other. */
  weight: number;
}

/** Nodes and links, for other programs. */
export interface GraphExport {
  nodes: GraphNode[];
  links: GraphLink[];
}

/** The whole graph, or, with `around`, one entity with the passages that mention it and what else those mention. Throws LORAG_NO_ENTITY. */
export function exportGraph(graph: PassageGraph, around?: string): GraphExport {
  const { passages, entities, synonyms } = graph;
  const links: GraphLink[] = [];
  for (const [index, { chunk, mentions }] of passages.entries()) {
    for (const { key, count } of mentions) {
      links.push({ source: chunk.id, target: entityId(key), kind: "mentions", weight: count });
    }
    const before = passages[index - 1]?.chunk;
    if (before?.documentId === chunk.documentId) {
      links.push({ source: before.id, target: chunk.id, kind: "next", weight: 1 });
    }
  }
  for (const { a, b, likeness } of synonyms) {
    const [source, target] = [entityId(entities[a]!.key), entityId(entities[b]!.key)];
    links.push({ source, target, kind: "synonym", weight: Number(likeness.toFixed(4)) });
  }
  const nodes: GraphNode[] = [
    ...passages.map(({ chunk }) => ({ id: chunk.id, kind: "passage" as const, label: placeOf(chunk) })),
    ...entities.map(({ key, kind, label }) => ({ id: entityId(key), kind, label })),
  ];
  if (around === undefined) return { nodes, links };
  const centre = entityId(entityKey(around, graph.language));
  if (!nodes.some(({ id }) => id === centre)) throw noEntity(around);
  const near = within(centre, links, 2);
  return {
    nodes: nodes.filter(({ id }) => near.has(id)),
    links: links.filter(({ source, target }) => near.has(source) && near.has(target)),
  };
}

/** GraphML (Brandes et al.), as Gephi, yEd and networkx read it. */
export function toGraphml({ nodes, links }: GraphExport): string {
  const data = (key: string, value: string | number): string =>
    `<data key="${key}">${escapeXml(String(value))}</data>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '<key id="label" for="node" attr.name="label" attr.type="string"/>',
    '<key id="kind" for="all" attr.name="kind" attr.type="string"/>',
    '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>',
    '<graph edgedefault="undirected">',
    ...nodes.map(
      ({ id, label, kind }) =>
        `<node id="${escapeXml(id)}">${data("label", label)}${data("kind", kind)}</node>`,
    ),
    ...links.map(
      ({ source, target, kind, weight }) =>
        `<edge source="${escapeXml(source)}" target="${escapeXml(target)}">${data("kind", kind)}${data("weight", weight)}</edge>`,
    ),
    "</graph>",
    "</graphml>",
    "",
  ].join("\n");
}

/** Ids of passages and of entities are kept apart. */
const entityId = (key: string): string => `entity:${key}`;

const placeOf = ({ title, headings }: { title: string; headings: string[] }): string =>
  [...new Set([title, ...headings])].join(" > ");

/** Everything at most so many links away. */
function within(centre: string, links: readonly GraphLink[], steps: number): Set<string> {
  const near = new Set([centre]);
  for (let step = 0; step < steps; step++) {
    const before = new Set(near);
    for (const { source, target } of links) {
      if (before.has(source)) near.add(target);
      if (before.has(target)) near.add(source);
    }
  }
  return near;
}

/** Characters that XML 1.0 cannot hold are left out. */
function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, "");
  return plain
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function noEntity(name: string): LoragError {
  return new LoragError({
    code: "LORAG_NO_ENTITY",
    kind: "usage",
    message: `No passage mentions ${JSON.stringify(name.slice(0, 200))}`,
    next: "Choose an entity of the graph: `lorag graph --json` lists the commonest ones.",
  });
}
