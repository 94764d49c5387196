import type { Chunk, LanguageCode } from "../contracts/index.ts";
import { languageOf } from "../text/index.ts";
import { createDictionary, type GlossaryTerm } from "./dictionary.ts";
import { isSurer, type Entity, type EntityKind, type Mention } from "./entity.ts";
import { extractEntities } from "./extract-entities.ts";
import { findSynonyms, toInt8, type Synonym } from "./synonyms.ts";

export interface GraphPassage {
  chunk: Chunk;
  /** By key. */
  mentions: readonly Mention[];
}

/** Passages and what they mention. A plain value: the same passages and glossary give the same graph, whatever came before. */
export interface PassageGraph {
  /** Decides stems and what is a name; undefined where none is known. */
  readonly language: LanguageCode | undefined;
  readonly glossary: readonly GlossaryTerm[];
  /** By document, then by place in it. */
  readonly passages: readonly GraphPassage[];
  /** By key. */
  readonly entities: readonly Entity[];
  /** Of the labels of terms and names. */
  readonly vectors: ReadonlyMap<string, Int8Array>;
  readonly synonyms: readonly Synonym[];
}

/** L2-normalised vectors, one per text. */
export type Embed = (texts: string[]) => Promise<Float32Array[]>;

export interface GraphChange {
  /** Replaces what the graph has of these documents. */
  upsert: { documentId: string; chunks: Chunk[] }[];
  /** Document ids. */
  remove: string[];
}

export interface GraphOptions {
  embed: Embed;
  glossary?: readonly GlossaryTerm[];
  /** Without it, guessed from the passages. */
  language?: LanguageCode;
}

/** The graph of some passages, without a language model. */
export function buildGraph(chunks: readonly Chunk[], options: GraphOptions): Promise<PassageGraph> {
  return makeGraph(chunks, undefined, options);
}

/** The graph after a change of its documents: what `buildGraph` would make of the passages that are there now. */
export function updateGraph(
  graph: PassageGraph,
  { upsert, remove }: GraphChange,
  options: GraphOptions,
): Promise<PassageGraph> {
  const gone = new Set([...remove, ...upsert.map(({ documentId }) => documentId)]);
  const kept = graph.passages.map(({ chunk }) => chunk).filter(({ documentId }) => !gone.has(documentId));
  return makeGraph([...kept, ...upsert.flatMap(({ chunks }) => chunks)], graph, options);
}

async function makeGraph(
  unsorted: readonly Chunk[],
  before: PassageGraph | undefined,
  { embed, glossary = before?.glossary ?? [], language: wanted }: GraphOptions,
): Promise<PassageGraph> {
  const chunks = [...unsorted].sort(inReadingOrder);
  const language = wanted ?? languageOfMost(chunks);
  const dictionary = createDictionary(chunks, glossary, language);
  const known = new Map<string, readonly Mention[]>();
  if (before) {
    const previous = before.passages.map(({ chunk }) => chunk);
    const { fingerprint } = createDictionary(previous, before.glossary, before.language);
    // Another dictionary may find something else in any passage.
    if (fingerprint === dictionary.fingerprint) {
      for (const { chunk, mentions } of before.passages) known.set(shownText(chunk), mentions);
    }
  }
  const passages = chunks.map((chunk): GraphPassage => {
    const text = shownText(chunk);
    return { chunk, mentions: known.get(text) ?? extractEntities(text, dictionary, language) };
  });
  const entities = countEntities(passages);
  const vectors = await embedEntities(entities, before?.vectors, embed);
  return { language, glossary, passages, entities, vectors, synonyms: findSynonyms(entities, vectors) };
}

function inReadingOrder(a: Chunk, b: Chunk): number {
  if (a.documentId !== b.documentId) return a.documentId < b.documentId ? -1 : 1;
  return a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1);
}

/** The passage with the title and headings that it stands under. */
const shownText = ({ title, headings, text }: Chunk): string =>
  [...new Set([title, ...headings]), text].join("\n");

/** Documents that are asked for their language. */
const languageSample = 100;

/** The language that most documents are in, by the first passage of each of a sample, evenly spread. */
function languageOfMost(chunks: readonly Chunk[]): LanguageCode | undefined {
  const first = chunks.filter(({ documentId }, index) => chunks[index - 1]?.documentId !== documentId);
  const step = Math.max(1, Math.floor(first.length / languageSample));
  const counts = new Map<LanguageCode, number>();
  for (let index = 0; index < first.length; index += step) {
    const language = languageOf(first[index]!.text);
    if (language) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

/** Every entity with the number of passages that refer to it. */
function countEntities(passages: readonly GraphPassage[]): Entity[] {
  const found = new Map<string, { kind: EntityKind; passages: number; labels: Map<string, number> }>();
  for (const { mentions } of passages) {
    for (const { key, label, kind } of mentions) {
      const entity = found.get(key) ?? { kind, passages: 0, labels: new Map<string, number>() };
      found.set(key, entity);
      entity.passages++;
      entity.labels.set(label, (entity.labels.get(label) ?? 0) + 1);
      if (isSurer(kind, entity.kind)) entity.kind = kind;
    }
  }
  return [...found.keys()].sort().map((key) => {
    const { labels, ...entity } = found.get(key)!;
    const [[label]] = [...labels].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)) as [[string, number]];
    return { key, label, ...entity };
  });
}

/** Vectors of terms and names; those known before are taken over. */
async function embedEntities(
  entities: readonly Entity[],
  before: ReadonlyMap<string, Int8Array> | undefined,
  embed: Embed,
): Promise<Map<string, Int8Array>> {
  const labels = entities.filter(({ kind }) => kind !== "phrase").map(({ label }) => label);
  const missing = labels.filter((label) => !before?.has(label));
  const made = missing.length > 0 ? await embed(missing) : [];
  const fresh = new Map(missing.map((label, index) => [label, toInt8(made[index]!)]));
  return new Map(labels.map((label) => [label, fresh.get(label) ?? before!.get(label)!]));
}
