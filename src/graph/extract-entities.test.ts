import { describe, expect, it } from "vitest";
import type { LanguageCode } from "../contracts/index.ts";
import { createDictionary, emptyDictionary } from "./dictionary.ts";
import { extractEntities } from "./extract-entities.ts";

const names = (text: string, language: LanguageCode = "en"): string[] =>
  extractEntities(text, emptyDictionary, language)
    .filter(({ kind }) => kind === "name")
    .map(({ label }) => label)
    .sort();

describe("names", () => {
  it.each([
    [
      "The paper by G. Stanley Hall was read at the University of Oslo.",
      ["G. Stanley Hall", "University of Oslo"],
    ],
    ["We flew with Apollo 11 and met Ada's sister.", ["Ada", "Apollo 11"]],
    ["Water is wet. Then NATO met.", ["NATO"]],
    ["Both Paris and London voted; Vincent van Gogh did not.", ["London", "Paris", "Vincent van Gogh"]],
    ["It opened on April 18, and on Monday.", []],
    ["The Men’s Studies Press printed it.", ["Men’s Studies Press"]],
    ["He paid 300 in 1984.", []],
  ])("%s", (text, expected) => expect(names(text)).toEqual(expected));

  it("German nouns are no names, runs of them are", () => {
    expect(names("Gestern hat der Hund von Anna Maier das Schiff gesehen.", "de")).toEqual(["Anna Maier"]);
  });

  it("counts a name once for each mention", () => {
    const [hall] = extractEntities(
      "As Hall wrote, Hall left. Then Hall's work began.",
      emptyDictionary,
      "en",
    );
    expect(hall).toEqual({ key: "hall", label: "Hall", kind: "name", count: 3 });
  });
});

describe("terms", () => {
  const chunk = (title: string, headings: string[] = []) => ({
    id: title,
    documentId: title,
    title,
    headings,
    text: "",
    start: 0,
    end: 0,
  });
  const dictionary = createDictionary(
    [chunk("Brand (play)"), chunk("Lost property", ["Night ferries"]), chunk("1984")],
    [{ term: "bow ramp", aliases: ["front ramp", "BR-7"] }],
    "en",
  );
  const terms = (text: string): Record<string, number> =>
    Object.fromEntries(
      extractEntities(text, dictionary, "en")
        .filter(({ kind }) => kind === "term")
        .map(({ label, count }) => [label, count]),
    );

  it("are found in any case and inflection, aliases as what they stand for", () => {
    expect(terms("LOST PROPERTIES go by night ferry. The Front Ramps and the BR-7 shut.")).toEqual({
      "Lost property": 1,
      "Night ferries": 1,
      "bow ramp": 2,
    });
  });

  it("a title of one word needs its capital, and figures are none", () => {
    expect(terms("A brand of 1984.")).toEqual({});
    expect(terms("Ibsen wrote Brand.")).toEqual({ Brand: 1 });
  });

  it("do not run over the end of a clause", () => {
    expect(terms("It was lost, property of a guest.")).toEqual({});
  });
});

it("noun phrases stand between function words", () => {
  const phrases = extractEntities(
    "the annual membership fee of a young reader is due",
    emptyDictionary,
    "en",
  );
  expect(phrases.map(({ label }) => label)).toEqual(["annual membership fee", "young reader"]);
});
