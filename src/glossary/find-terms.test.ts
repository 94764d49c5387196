import { describe, expect, it } from "vitest";
import type { LanguageCode } from "../contracts/index.ts";
import { createTermFinder } from "./find-terms.ts";

function found(
  terms: string[],
  text: string,
  language: LanguageCode | undefined,
  caseSensitive = false,
): string[] {
  const forms = terms.map((term) => ({ text: term, owner: term, caseSensitive }));
  return createTermFinder(
    forms,
    language,
  )(text).map((match) => {
    expect(text.slice(match.start, match.end)).toBe(match.text);
    return `${match.owners.join("/")}@${match.start}-${match.end} ${match.how}`;
  });
}

describe("createTermFinder", () => {
  it.each<[string, string[], string, LanguageCode | undefined, string[]]>([
    [
      "the longest wins",
      ["flu", "bird flu"],
      "The bird flu and the flu",
      "en",
      ["bird flu@4-12 exact", "flu@21-24 exact"],
    ],
    ["whole words alone", ["flu"], "influenza, fluent", "en", []],
    ["inflected", ["vaccine"], "Two VACCINES.", "en", ["vaccine@4-12 inflected"]],
    [
      "German plural and compound",
      ["Impfung"],
      "Impfungen, Schutzimpfung",
      "de",
      ["Impfung@0-9 inflected", "Impfung@17-24 compound"],
    ],
    [
      "no stemmer: an ending",
      ["szczepionka"],
      "szczepionkami, szczepionkai",
      "id",
      ["szczepionka@0-11 inflected", "szczepionka@15-26 inflected"],
    ],
    [
      "hyphen, accent and case",
      ["COVID-19", "été"],
      "covid 19 in the ete",
      "en",
      ["COVID-19@0-8 exact", "été@16-19 exact"],
    ],
    ["Chinese without blanks", ["疫苗"], "新冠疫苗接种", "zh", ["疫苗@2-4 exact"]],
    ["signs count", ["C++", "AT&T"], "C and C++ at AT&T", "en", ["C++@6-9 exact", "AT&T@13-17 exact"]],
    ["not over a full stop", ["runny nose"], "It is runny. Nose hurts.", "en", []],
    ["after an emoji", ["flu"], "😀 flu", "en", ["flu@3-6 exact"]],
  ])("%s", (_, terms, text, language, expected) => expect(found(terms, text, language)).toEqual(expected));

  it("a form with its own case is found in that alone", () => {
    expect(found(["WHO"], "Who asked the WHO?", "en", true)).toEqual(["WHO@14-17 exact"]);
  });

  it("gives all that a form may stand for", () => {
    const forms = ["noun", "verb"].map((owner) => ({ text: "cough", owner, caseSensitive: false }));
    expect(createTermFinder(forms, "en")("A cough.")[0]!.owners).toEqual(["noun", "verb"]);
  });

  it("a hundred thousand terms over a megabyte of the worst text end soon", () => {
    const forms = Array.from({ length: 100_000 }, (_, index) => ({
      text: `a b ${index}`,
      owner: index,
      caseSensitive: false,
    }));
    const find = createTermFinder(forms, "de");
    expect(find("a b ".repeat(125_000))).toEqual([]);
    expect(find("a".repeat(500_000))).toEqual([]);
    expect(find("a b 99999").map(({ owners }) => owners)).toEqual([[99_999]]);
  });
});
