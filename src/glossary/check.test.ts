import { describe, expect, it } from "vitest";
import { answerWithTerms } from "./answer-with-terms.ts";
import { checkAnswer } from "./check-answer.ts";
import { checkEntries } from "./check-entries.ts";
import { newEntry } from "./glossary-entry.ts";
import { createGlossary } from "./glossary.ts";

const pass = newEntry("Gull Pass", {
  targets: ["Möwenpass"],
  forbidden: ["Pass", "Gullkarte"],
  definition: "a season ticket",
});
const ship = newEntry("Saltmaiden", { doNotTranslate: true });

describe("checkEntries", () => {
  const kinds = (...entries: [string, ...string[]][]): string[] =>
    checkEntries(entries.map(([source, ...targets]) => newEntry(source, { targets }))).map(
      ({ kind }) => kind,
    );

  it("tells duplicates, conflicts, circles and empty entries", () => {
    expect(kinds(["ship", "Schiff"], ["Ship", "schiff"])).toEqual(["duplicate"]);
    expect(kinds(["ship", "Schiff"], ["ship", "Boot"])).toEqual(["conflict"]);
    expect(kinds(["ship", "Schiff", "Boot"], ["ship", "Boot"])).toEqual([]);
    expect(kinds(["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"])).toEqual(["cycle"]);
    expect(kinds(["a", "a"])).toEqual([]);
    expect(kinds(["a"])).toEqual(["no-target"]);
  });

  it("a noun and a verb may differ, a circle needs one language, a form cannot be both", () => {
    const noun = newEntry("ship", { targets: ["Schiff"], partOfSpeech: "noun" });
    expect(checkEntries([noun, newEntry("ship", { targets: ["versenden"], partOfSpeech: "verb" })])).toEqual(
      [],
    );
    const languages = { source: "en", target: "de" };
    const falseFriends = [
      newEntry("gift", { targets: ["rat"], languages }),
      newEntry("rat", { targets: ["gift"], languages }),
    ];
    expect(checkEntries(falseFriends)).toEqual([]);
    expect(checkEntries([newEntry("a", { targets: ["B"], forbidden: ["b"] })])).toMatchObject([
      { kind: "forbidden-and-required" },
    ]);
  });

  it("a hundred thousand entries in one circle", () => {
    const count = 100_000;
    const entries = Array.from({ length: count }, (_, index) =>
      newEntry(`t${index}`, { targets: [`t${(index + 1) % count}`] }),
    );
    expect(checkEntries(entries)).toHaveLength(1);
  });
});

describe("checkAnswer", () => {
  const check = (answer: string, source = "The Gull Pass on the Saltmaiden costs 1,500.") =>
    checkAnswer(source, answer, [pass, ship], "de");

  it.each([
    ["Der Möwenpass auf der Saltmaiden kostet 1.500.", true],
    ["Die Möwenpässe auf der Saltmaiden kosten 1 500.", true],
    ["Der Pass auf der Saltmaiden kostet 1500.", false],
    ["Der Möwenpass, nicht die Gullkarte, auf der Saltmaiden kostet 1500.", false],
    ["Der Möwenpass auf der Salzmaid kostet 1500.", false],
    ["Der Möwenpass auf der saltmaiden kostet 1500.", false],
    ["Der Möwenpass auf der Saltmaiden kostet 15.", false],
  ])("%s", (answer, honoured) => expect(check(answer).honoured).toBe(honoured));

  it.each([
    ["It takes 25 minutes.", "Es dauert fünfundzwanzig Minuten.", "de", []],
    ["It takes ٢٥ minutes.", "Es dauert 25 Minuten.", "de", []],
    ["It takes 25 minutes.", "Es dauert fünfzehn Minuten.", "de", ["25"]],
  ] as const)("figures of %s in %s", (source, answer, language, missing) =>
    expect(checkAnswer(source, answer, [pass], language).missingFigures).toEqual(missing),
  );

  it("definitions alone, and one language, ask for no figures", () => {
    const explained = newEntry("berth", { definition: "a sleeping place" });
    const house = newEntry("pass", { targets: ["Gull Pass"], languages: { source: "eng", target: "en-GB" } });
    for (const entry of [explained, house])
      expect(checkAnswer("A berth pass of 2024?", "A Gull Pass.", [entry], "en").missingFigures).toEqual([]);
  });

  it("says what is missing and what should not be there", () => {
    expect(check("Der Pass kostet 4.")).toEqual({
      rows: [
        { source: "Gull Pass", required: ["Möwenpass"], forbidden: ["Pass"], honoured: false },
        { source: "Saltmaiden", required: ["Saltmaiden"], forbidden: [], honoured: false },
      ],
      missingFigures: ["1500"],
      honoured: false,
    });
  });
});

describe("answerWithTerms", () => {
  const glossary = createGlossary([pass, ship, newEntry("dog", { targets: ["Hund"] })], "en");
  const ask = async (answers: string[], counters = {}) => {
    const asked: string[] = [];
    const generate = async (instructions: string): Promise<{ text: string }> => {
      asked.push(instructions);
      return { text: answers[asked.length - 1]! };
    };
    const source = "Show the Gull Pass.";
    return { asked, answer: await answerWithTerms({ source, glossary, language: "de", generate, counters }) };
  };

  it("puts before the model what occurs, and asks once where it is honoured", async () => {
    const { asked, answer } = await ask(["Zeigen Sie den Möwenpass."]);
    expect(asked).toEqual([
      "Use these terms:\nGull Pass = Möwenpass (a season ticket; not: Pass, Gullkarte)",
    ]);
    expect(answer).toMatchObject({ retried: false, check: { honoured: true } });
  });

  it("asks a second time with what was wrong, and never a third", async () => {
    const { asked, answer } = await ask(["Zeigen Sie den Pass.", "Zeigen Sie den Möwenpass."]);
    expect(asked[1]).toContain("A first attempt was: Zeigen Sie den Pass.");
    expect(answer).toMatchObject({ made: { text: "Zeigen Sie den Möwenpass." }, retried: true });
    const stubborn = await ask(["Zeigen Sie den Pass.", "Den Pass zeigen."]);
    expect(stubborn.answer).toMatchObject({
      made: { text: "Zeigen Sie den Pass." },
      retried: true,
      check: { honoured: false },
    });
  });

  it("leaves out what the model knows, and checks it all the same", async () => {
    const { asked, answer } = await ask(["Zeigen Sie den Möwenpass."], { pieces: () => 1 });
    expect(asked).toEqual([""]);
    expect(answer).toMatchObject({ given: [], check: { rows: [{ source: "Gull Pass", honoured: true }] } });
    expect((await ask(["Möwenpass"], { pieces: () => 1, occurrences: () => 0 })).asked[0]).toContain(
      "Gull Pass",
    );
  });
});
