import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PhraseAutomaton } from "./phrase-automaton.ts";
import { foldToken, phraseTokens } from "./phrase-tokens.ts";

const letters = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 });

describe("PhraseAutomaton", () => {
  it("finds what a search from every place finds", () => {
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 8 }),
        fc.array(fc.constantFrom("a", "b", "c")),
        (phrases, text) => {
          const expected = new Set<string>();
          for (const phrase of phrases)
            for (let start = 0; start + phrase.length <= text.length; start++)
              if (phrase.every((token, index) => text[start + index] === token))
                expected.add(`${phrases.findIndex((other) => other.join() === phrase.join())}@${start}`);
          const found = new PhraseAutomaton(phrases).findAll(text);
          expect(new Set(found.map(({ phrase, start }) => `${phrase}@${start}`))).toEqual(expected);
        },
      ),
    );
  });

  it("prefers the longer of two that overlap, and keeps what is left beside it", () => {
    const automaton = new PhraseAutomaton(["a b c d", "d e f", "e f", "a"].map((text) => text.split(" ")));
    expect(automaton.find("a b c d e f".split(" "))).toEqual([
      { phrase: 0, start: 0, end: 4 },
      { phrase: 2, start: 4, end: 6 },
    ]);
  });
});

describe("phraseTokens", () => {
  const folded = (text: string): string[] => phraseTokens(text).map(({ text }) => foldToken(text));

  it("splits at blanks and hyphens, keeps other signs, and takes unspaced scripts by the character", () => {
    expect(folded("COVID-19’s  C++, É\u0301tat")).toEqual(["covid", "19", "s", "c", "+", "+", ",", "etat"]);
    expect(folded("東京 ไทย Straße")).toEqual(["东", "京", "ไ", "ท", "ย", "strasse"]);
    expect(folded("soft\u00ADhyphen")).toEqual(["softhyphen"]);
  });

  it("says where each stands", () => {
    expect(phraseTokens("a 😀b")).toEqual([
      { text: "a", start: 0, end: 1 },
      { text: "😀", start: 2, end: 4 },
      { text: "b", start: 4, end: 5 },
    ]);
  });
});
