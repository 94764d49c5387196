import type { LanguageCode } from "../contracts/index.ts";
import {
  foldToken,
  hasStemmer,
  joinsWords,
  PhraseAutomaton,
  phraseTokens,
  stemToken,
  type PhraseToken,
} from "../text/index.ts";

/** A form to look for; `owner` is whatever it stands for. */
export interface TermForm<Owner> {
  text: string;
  owner: Owner;
  caseSensitive: boolean;
}

/** Where a term stands in a text (UTF-16 code units), and all that it may stand for. */
export interface FoundTerm<Owner> {
  start: number;
  end: number;
  text: string;
  owners: Owner[];
  how: "exact" | "inflected" | "compound";
}

/** Parts of compounds, and words that may have an ending, have at least so many letters. */
const shortestPart = 4;
/** Letters that join the parts of a compound. */
const joints = ["", "s", "es", "n", "en", "-"];
/** Of an ending, in a language without a stemmer. */
const longestEnding = 2;

/**
 * Finds terms in texts of a language: the longest that do not overlap, whole words, in any case unless a form asks for
 * its own, also inflected (by stem; without a stemmer, with an ending of up to two letters) and in compounds. Linear in
 * the forms and in the text.
 */
export function createTermFinder<Owner>(
  forms: readonly TermForm<Owner>[],
  language: LanguageCode | undefined,
): (text: string) => FoundTerm<Owner>[] {
  const exact = createSearch(forms, (token) => foldToken(token));
  // A form that has to be written as it is has no inflections either.
  const inflected = createSearch(
    forms.filter(({ caseSensitive }) => !caseSensitive),
    (token) => stemToken(token, language),
  );
  return (text) => {
    const tokens = phraseTokens(text);
    const candidates: Candidate<Owner>[] = [
      ...exact.find(text, tokens).map((match) => ({ ...match, how: "exact" as const })),
      ...inflected.find(text, tokens).map((match) => ({ ...match, how: "inflected" as const })),
      ...tokens.flatMap((token, index) => partsOf(token.text, index)),
    ];
    return chooseLongest(candidates, tokens.length).map(({ start, end, owners, how, within }) => {
      const first = tokens[start]!.start;
      const place = within
        ? { start: first + within.start, end: first + within.end }
        : { start: first, end: tokens[end - 1]!.end };
      return { ...place, text: text.slice(place.start, place.end), owners, how };
    });
  };

  /** Terms of one word that a word begins or ends with. */
  function partsOf(word: string, index: number): Candidate<Owner>[] {
    const found: Candidate<Owner>[] = [];
    const take = (start: number, end: number, how: "inflected" | "compound"): void => {
      if (end - start < shortestPart) return;
      const owners = inflected.words.get(stemToken(word.slice(start, end), language));
      if (owners) found.push({ start: index, end: index + 1, owners, how, within: { start, end } });
    };
    if (word.length > 60) return found;
    if (!hasStemmer(language)) {
      for (let cut = 1; cut <= longestEnding; cut++) take(0, word.length - cut, "inflected");
    }
    if (!joinsWords(language)) return found;
    for (let at = shortestPart; at <= word.length - shortestPart; at++) {
      take(at, word.length, "compound");
      for (const joint of joints)
        if (word.slice(0, at).endsWith(joint)) take(0, at - joint.length, "compound");
    }
    return found;
  }
}

interface Candidate<Owner> {
  /** Tokens, the end not included. */
  start: number;
  end: number;
  owners: Owner[];
  how: FoundTerm<Owner>["how"];
  /** Where in its one token the term stands, if it is not all of it. */
  within?: { start: number; end: number };
}

/** A search by what `key` makes of tokens. */
function createSearch<Owner>(forms: readonly TermForm<Owner>[], key: (token: string) => string) {
  const known = new Map<string, TermForm<Owner>[]>();
  for (const form of forms) {
    const path = phraseTokens(form.text)
      .map(({ text }) => key(text))
      .join("\n");
    if (path === "") continue;
    const same = known.get(path);
    if (same) same.push(form);
    else known.set(path, [form]);
  }
  const paths = [...known.keys()];
  const automaton = new PhraseAutomaton(paths.map((path) => path.split("\n")));
  const single = [...known].filter(([path]) => !path.includes("\n"));
  return {
    words: new Map(single.map(([path, same]) => [path, same.map(({ owner }) => owner)])),
    find: (text: string, tokens: readonly PhraseToken[]): { start: number; end: number; owners: Owner[] }[] =>
      automaton.findAll(tokens.map(({ text }) => key(text))).flatMap(({ phrase, start, end }) => {
        const written = text.slice(tokens[start]!.start, tokens[end - 1]!.end).normalize("NFC");
        const owners = known
          .get(paths[phrase]!)!
          .filter((form) => !form.caseSensitive || form.text.normalize("NFC") === written)
          .map(({ owner }) => owner);
        return owners.length > 0 ? [{ start, end, owners: [...new Set(owners)] }] : [];
      }),
  };
}

const sureness = { exact: 0, inflected: 1, compound: 2 };

/** The longest first, of equal ones the surest; what overlaps with one that was taken is left out. */
function chooseLongest<Owner>(candidates: Candidate<Owner>[], tokens: number): Candidate<Owner>[] {
  const letters = ({ within }: Candidate<Owner>): number => (within ? within.end - within.start : Infinity);
  const best = candidates.sort(
    (a, b) =>
      b.end - b.start - (a.end - a.start) ||
      sureness[a.how] - sureness[b.how] ||
      letters(b) - letters(a) ||
      a.start - b.start,
  );
  const taken = new Uint8Array(tokens);
  return best
    .filter(({ start, end }) => {
      if (taken[start] || taken[end - 1]) return false;
      taken.fill(1, start, end);
      return true;
    })
    .sort((a, b) => a.start - b.start);
}
