import type { EntityKind } from "./entity.ts";
import { findCommunities } from "./communities.ts";
import { passageNetwork } from "./network.ts";
import type { PassageGraph } from "./passage-graph.ts";

export interface GraphStatistics {
  documents: number;
  passages: number;
  entities: Record<EntityKind, number>;
  /** Of passages to entities, to each other, and between entities. */
  edges: number;
  synonyms: number;
  communities: number;
  /** Those that are part of no other, the largest first, by their best joined entities. */
  largest: { label: string; entities: number }[];
  /** Entities of the most passages, best first. */
  commonest: { label: string; kind: EntityKind; passages: number }[];
  /** Passages in which no entity was found. */
  bare: number;
}

const shown = 10;

export function graphStatistics(graph: PassageGraph): GraphStatistics {
  const { passages, entities, synonyms } = graph;
  const count = (wanted: EntityKind): number => entities.filter(({ kind }) => kind === wanted).length;
  const communities = findCommunities(graph);
  return {
    documents: new Set(passages.map(({ chunk }) => chunk.documentId)).size,
    passages: passages.length,
    entities: { term: count("term"), name: count("name"), phrase: count("phrase") },
    edges: passageNetwork(graph).targets.length / 2,
    synonyms: synonyms.length,
    communities: communities.length,
    largest: communities
      .filter(({ parent }) => parent === undefined)
      .slice(0, shown)
      .map(({ label, entities: members }) => ({ label, entities: members.length })),
    commonest: entities
      .toSorted((a, b) => b.passages - a.passages || (a.key < b.key ? -1 : 1))
      .slice(0, shown)
      .map(({ label, kind, passages }) => ({ label, kind, passages })),
    bare: passages.filter(({ mentions }) => mentions.length === 0).length,
  };
}
