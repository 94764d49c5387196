import type { LanguageCode } from "../contracts/index.ts";
import { PhraseAutomaton } from "../text/index.ts";
import { entityTokens, type Entity } from "./entity.ts";
import { emptyDictionary } from "./dictionary.ts";
import { extractEntities } from "./extract-entities.ts";
import { isWalked } from "./network.ts";
import type { Embed, PassageGraph } from "./passage-graph.ts";
import { cosine } from "./synonyms.ts";

/** An entity that a question is about. */
export interface Seed {
  /** Its place among the graph's entities. */
  entity: number;
  /** 1 where the question names it; else how alike the two are. */
  score: number;
}

/** Less alike than this (cosine), an entity of the question is none of the graph: fast-graphrag's threshold. */
const leastLikeness = 0.7;

/** Finds the entities of questions in a graph: those that are named, and for other names the most alike one. */
export function createSeedFinder(graph: PassageGraph, embed: Embed): (question: string) => Promise<Seed[]> {
  const { entities, language, glossary } = graph;
  const places = new Map(entities.map(({ key }, index) => [key, index]));
  const names = glossary.flatMap(({ term, aliases }) => aliases.map((alias) => ({ alias, term })));
  const keyOf = (text: string): string =>
    wordTokens(text, language)
      .map(({ key }) => key)
      .join(" ");
  const phrases = new Map(
    entities.flatMap((entity, index) => (isWalked(graph, entity) ? [[entity.key, index]] : [])),
  );
  for (const { alias, term } of names) {
    const place = places.get(keyOf(term));
    if (place !== undefined && !phrases.has(keyOf(alias))) phrases.set(keyOf(alias), place);
  }
  const keys = [...phrases.keys()];
  const automaton = new PhraseAutomaton(keys.map((key) => key.split(" ")));

  return async (question) => {
    const tokens = wordTokens(question, language);
    const isCased = /\p{Lu}/u.test(question.slice(1));
    const matches = automaton.find(tokens.map(({ key }) => key)).filter(({ phrase, start, end }) => {
      const { label } = entities[phrases.get(keys[phrase]!)!]!;
      const isWord = end - start === 1 && isCased && /^\p{Lu}/u.test(label);
      return !isWord || !/^\p{Ll}/u.test(question.slice(tokens[start]!.start));
    });
    const seeds = new Map<number, number>();
    for (const { phrase } of matches) seeds.set(phrases.get(keys[phrase]!)!, 1);
    const named = matches.map(({ phrase }) => ` ${keys[phrase]!} `);
    const mentions = extractEntities(question, emptyDictionary, language).filter(({ key }) =>
      named.every((name) => !` ${key} `.includes(name) && !name.includes(` ${key} `)),
    );
    const unknown = mentions.filter(({ kind }) => kind === "name" || seeds.size === 0);
    for (const seed of await mostAlike(
      unknown.map(({ label }) => label),
      graph,
      embed,
    )) {
      if (!seeds.has(seed.entity)) seeds.set(seed.entity, seed.score);
    }
    return [...seeds].map(([entity, score]) => ({ entity, score }));
  };
}

const wordTokens = (text: string, language: LanguageCode | undefined): ReturnType<typeof entityTokens> =>
  entityTokens(text, language).filter(({ key }) => /[\p{L}\p{N}]/u.test(key));

/** The best entity for each label, where one is alike enough. */
async function mostAlike(labels: string[], graph: PassageGraph, embed: Embed): Promise<Seed[]> {
  if (labels.length === 0) return [];
  const candidates = graph.entities.flatMap((entity: Entity, index) => {
    const vector = isWalked(graph, entity) ? graph.vectors.get(entity.label) : undefined;
    return vector ? [{ index, vector }] : [];
  });
  return (await embed(labels)).flatMap((wanted) => {
    let best: Seed = { entity: -1, score: leastLikeness };
    for (const { index, vector } of candidates) {
      const score = cosine(wanted, vector);
      if (score > best.score) best = { entity: index, score };
    }
    return best.entity >= 0 ? [best] : [];
  });
}
