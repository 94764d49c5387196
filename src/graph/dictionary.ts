import type { Chunk, LanguageCode } from "../contracts/index.ts";
import { PhraseAutomaton } from "../text/index.ts";
import { entityKey, entityTokens } from "./entity.ts";

/** A term of a glossary and other names of the same thing. */
export interface GlossaryTerm {
  term: string;
  aliases: string[];
}

/** Finds in a text what the corpus and its glossary have names for. */
export interface Dictionary {
  /** Changes where an entry does. */
  readonly fingerprint: string;
  /** The longest entries in a text, left to right; `key` and `label` are those of the entry an alias belongs to. */
  find(text: string): { key: string; label: string }[];
}

export const emptyDictionary: Dictionary = { fingerprint: "", find: () => [] };

interface Entry {
  label: string;
  key: string;
  /** `Brand`, the play, is not `brand`: a title of one word has to be written large, as far as its script knows that. */
  needsCapital: boolean;
}

/** Titles and headings of the passages, without what stands in brackets at their end, and the glossary. */
export function createDictionary(
  chunks: readonly Chunk[],
  glossary: readonly GlossaryTerm[],
  language: LanguageCode | undefined,
): Dictionary {
  const entries = new Map<string, Entry>();
  const add = (name: string, entry: Omit<Entry, "key">, key: string): void => {
    const tokens = entityTokens(name, language).map(({ key }) => key);
    const path = tokens.join("\n");
    if (tokens.length > 0 && key !== "" && !entries.has(path)) entries.set(path, { ...entry, key });
  };
  for (const { term, aliases } of glossary) {
    const key = entityKey(term, language);
    for (const name of [term, ...aliases]) add(name, { label: term, needsCapital: false }, key);
  }
  const titles = new Set(chunks.flatMap(({ title, headings }) => [title, ...headings]));
  for (const title of [...titles].sort()) {
    const label = title.replace(/\s*\([^()]*\)\s*$/u, "").trim();
    add(label, { label, needsCapital: /^\p{Lu}[^\s]*$/u.test(label) }, entityKey(label, language));
  }
  const paths = [...entries.keys()].sort();
  const automaton = new PhraseAutomaton(paths.map((path) => path.split("\n")));
  return {
    fingerprint: JSON.stringify([language, paths.map((path) => [path, entries.get(path)])]),
    find: (text) => {
      const tokens = entityTokens(text, language);
      return automaton.find(tokens.map(({ key }) => key)).flatMap(({ phrase, start }) => {
        const { needsCapital, ...entry } = entries.get(paths[phrase]!)!;
        return needsCapital && /^\p{Ll}/u.test(text.slice(tokens[start]!.start)) ? [] : [entry];
      });
    },
  };
}
