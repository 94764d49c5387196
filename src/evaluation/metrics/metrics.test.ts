import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureAbstention } from "./abstention.ts";
import { gradeCitation, measureCitations } from "./citations.ts";
import { measureClassification, readLabel } from "./classification.ts";
import { gradeText } from "../grading/grade-text.ts";
import { documentRecall } from "./recall.ts";
import { rougeL } from "./rouge.ts";
import { scoreAnswer } from "./score.ts";
import { splitSentences } from "../../text/index.ts";
import { shortAnswer } from "./short-answer.ts";
import { exactMatch, normaliseSquad, tokenF1 } from "./squad.ts";
import { detectTask } from "./task.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/evaluation.json", import.meta.url), "utf8"),
) as {
  rouge: [string, string, number][];
  macro: { gold: string[]; said: string[]; macroF1: number };
};

const saysGold = (answer: string, gold: string): number => (gradeText(answer, gold).right ? 1 : 0);

describe("SQuAD metrics", () => {
  it("lower-cases and drops ASCII punctuation, articles and spare spaces, in that order", () => {
    expect(normaliseSquad("  The U.S. Navy's  a-team, an  THEory! ")).toBe("us navys ateam theory");
    expect(normaliseSquad("a, the an.")).toBe("");
    expect(normaliseSquad("Ånd the øl")).toBe("ånd øl");
  });

  it("takes the best gold", () => {
    expect(exactMatch("The Kittiwick.", ["Saltmaiden", "kittiwick"])).toBe(1);
    expect(tokenF1("the old ferry", ["new ferry boat", "old ferry"])).toBe(1);
  });

  it("counts shared tokens as often as both have them", () => {
    // 2 shared of 3 and 4 tokens.
    expect(tokenF1("red red blue", ["red red red green"])).toBeCloseTo(4 / 7, 12);
    expect(tokenF1("", ["the"])).toBe(0);
    expect(tokenF1("The", ["the"])).toBe(1);
    expect(tokenF1("", ["ferry"])).toBe(0);
  });

  it("compares scripts without spaces by the character", () => {
    expect(tokenF1("東京都", ["東京"])).toBeCloseTo(0.8, 12);
  });
});

describe("ROUGE-L", () => {
  it("is rouge-score's, to the last digits", () => {
    for (const [answer, gold, expected] of golden.rouge)
      expect(rougeL(answer, [gold]), `${answer} | ${gold}`).toBeCloseTo(expected, 12);
  });

  it("does not empty golds in other scripts", () => {
    expect(rougeL("паром уходит в девять", ["паром уходит в десять"])).toBeCloseTo(0.75, 12);
  });
});

describe("short answers", () => {
  it.each([
    ["9 florins a kilogram. (Freight Claims, section 2)", "9 florins a kilogram"],
    ["9 florins a kilogram (Freight Claims, 2).", "9 florins a kilogram"],
    ["9 florins a kilogram [1][2].", "9 florins a kilogram"],
    ["The answer is: **9 florins a kilogram**, Freight Claims section 2.", "9 florins a kilogram"],
    ["According to the Freight Rules 2.1, 9 florins a kilogram. Ask at the shed.", "9 florins a kilogram"],
    ["Sure! The answer to your question is 9 florins a kilogram (claims.md)", "9 florins a kilogram"],
    ["Answer: 9 florins a kilogram under section 2", "9 florins a kilogram"],
    ["The launch (March 3, 2014)", "The launch (March 3, 2014)"],
    ["Madrid (España, 1998)", "Madrid (España, 1998)"],
    ["14 sheep (or 4 cattle) to a pen", "14 sheep (or 4 cattle) to a pen"],
    ["Section 4", "Section 4"],
    ["Mr. Oakes of No. 4, at 1.5 florins. He is in.", "Mr. Oakes of No. 4, at 1.5 florins"],
    ["No. The clause does not.", "No"],
    ["No.\n\nThe clause does not.", "No"],
    ["[1]", ""],
    ["", ""],
  ])("%s", (text, expected) => expect(shortAnswer(text)).toBe(expected));

  it("changes nothing the second time", () => {
    const piece = fc.constantFrom(
      "The answer is ",
      "9 florins",
      " (Fares, 2)",
      "[1]",
      ". ",
      "Sure, ",
      "\n",
      " under section 3",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const once = shortAnswer(pieces.join(""));
        expect(shortAnswer(once)).toBe(once);
      }),
    );
  });

  it("loses no letter when splitting sentences", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const joined = splitSentences(text).join("").replace(/\s/gu, "");
        expect(joined).toBe(text.replace(/\s/gu, ""));
      }),
    );
  });
});

describe("right or wrong", () => {
  it.each([
    ["5 percent", "5%", 1],
    ["5% of the fare", "5 percent of the fare", 1],
    ["5 dollars", "$5.00", 1],
    ["$5.00", "5 dollars", 1],
    ["5 dollars", "5 euros", 0],
    ["The launch (March 3, 2014)", "The launch, in 2012.", 0],
    ["9 florins. (Claims, section 2)", "You are paid at most 9 florins for each kilogram.", 1],
    ["9 florins. (Claims, section 2)", "8 florins. (Claims, section 9)", 0],
    ["1,200 florins", "It is 1200 florins.", 1],
    ["6.20 florins", "6.2 florins", 1],
    ["Two photographs and a bill", "A bill and 2 photographs.", 1],
    ["The second Thursday of the month", "The first Thursday of the month", 0],
    ["Yes, on a lead. (Animals, 3)", "Yes.", 1],
    ["Yes, on a lead. (Animals, 3)", "No, dogs must stay at home on a lead.", 0],
    ["No more than 25 passengers", "At most 25 passengers.", 1],
    ["Hanneke Ostrow", "Hanneke Smith", 0],
    ["Saltmaiden", "", 0],
    ["10 days", "9 days. See section 10.", 0],
    ["10 days", "9 days, Leave section 10", 0],
    ["Saltmaiden", "One. Two. The ship is the Saltmaiden.", 0],
    ["Yes", "Yes it is.", 1],
    ["No", "No.\n\nThe clause does not require it.", 1],
    ["No, dogs must stay at home", "No it does not", 1],
    ["No. 14", "It ranked No. 14 in the list.", 1],
    ["No. 14", "14", 1],
    ["May 2011", "The answer is 2011.", 0],
    ["May 2011", "It opened in May 2011.", 1],
    ["1 May", "1 June", 0],
    ["1 May", "On the 1st of May", 1],
    ["In May", "It may be.", 0],
    ["Dogs may travel free", "Dogs travel free", 1],
  ])("gold %s, answer %s: %d", (gold, answer, expected) => expect(saysGold(answer, gold)).toBe(expected));

  it("does not reward reciting", () => {
    const recital = `${Array.from({ length: 60 }, (_, n) => `w${n}`).join(" ")} Saltmaiden`;
    expect(saysGold(recital, "Saltmaiden")).toBe(0);
  });

  it("holds for the gold itself, in house style or not", () => {
    const word = fc.constantFrom(
      "ferry",
      "Old",
      "Brede",
      "12",
      "1.80",
      "florins",
      "Monday",
      "days",
      "not",
      "two",
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const gold = `${words.join(" ")}. (Fares, section 2)`;
        expect(saysGold(`The answer is ${words.join(" ")} [1].`, gold)).toBe(1);
      }),
    );
  });

  it("does not hold a marker that lorag set against the raw scores", () => {
    const question = {
      id: "a",
      prompt: [],
      completion: "9 florins. (Claims, section 2)",
      documents: ["c.md"],
    };
    const marked = { text: "9 florins. (Claims, section 2) [1]", abstained: false };
    const raw = { exactMatch: 1, f1: 1, rougeL: 1 };
    const shortAnswers = {
      kind: "short answers" as const,
      labels: new Set<string>(),
      grading: { mode: "auto" as const },
    };
    expect(scoreAnswer(marked, question, shortAnswers).scores).toMatchObject(raw);
    const markedGold = { ...question, completion: "9 florins [2]." };
    expect(scoreAnswer({ text: "9 florins.", abstained: false }, markedGold, shortAnswers)).toMatchObject({
      scores: raw,
    });
  });

  it("lets an abstention decide the normalised scores alone", () => {
    const answerable = { id: "a", prompt: [], completion: "9 florins", documents: ["fares.md"] };
    const unanswerable = { ...answerable, completion: "I cannot tell.", documents: [] };
    const abstained = { text: "I do not know, 9 florins perhaps.", abstained: true };
    const said = { text: "I cannot tell.", abstained: false };
    const shortAnswers = {
      kind: "short answers" as const,
      labels: new Set<string>(),
      grading: { mode: "auto" as const },
    };
    expect(scoreAnswer(abstained, answerable, shortAnswers)).toMatchObject({
      scores: { correct: 0, f1Normalised: 0 },
      why: "It declines to answer, though the question has one.",
    });
    expect(scoreAnswer(abstained, unanswerable, shortAnswers)).toMatchObject({
      scores: { correct: 1, f1Normalised: 1 },
      why: "It declines to answer, and no document has an answer.",
    });
    expect(scoreAnswer(said, unanswerable, shortAnswers)).toMatchObject({
      scores: { correct: 0, exactMatch: 1 },
      why: "It answers, though no document has an answer.",
    });
  });
});

describe("labels", () => {
  const labels = new Set(["yes", "no", "card arrival", "card arrival delay"]);
  it.each([
    ["Yes", "yes"],
    ["No, the clause does not create a duty.", "no"],
    ["No. The clause is about something else.", "no"],
    ["**Yes**: it does.", "yes"],
    ["Answer: card_arrival".replace("_", " "), "card arrival"],
    ["Card arrival delay - the card is late", "card arrival delay"],
    ["Nobody knows", "nobody knows"],
    ["No one knows, yes", "no one knows yes"],
  ])("%s: %s", (answer, label) => expect(readLabel(answer, labels)).toBe(label));
});

describe("what kind of answers the golds are", () => {
  const example = (completion: string, index: number) => ({
    id: `e${index}`,
    prompt: [],
    completion,
    documents: ["d"],
  });

  it("tells labels, short and long answers apart by the golds", () => {
    const labels = Array.from({ length: 40 }, (_, index) =>
      example(["yes", "no", "maybe"][index % 3]!, index),
    );
    expect(detectTask(labels.slice(0, 10), labels).kind).toBe("classification");
    const short = labels.map((_, index) => example(`${index} florins. (Fares, section 1)`, index));
    expect(detectTask(short.slice(0, 10), short)).toMatchObject({
      kind: "short answers",
      primary: "correct",
    });
    const long = labels.map((_, index) =>
      example(`On day ${index} ${"the crew rows on and on ".repeat(6)}`, index),
    );
    expect(detectTask(long.slice(0, 10), long)).toMatchObject({
      kind: "long answers",
      primary: "f1Normalised",
    });
  });

  it("gives scikit-learn's macro-F1", () => {
    const { gold, said, macroF1 } = golden.macro;
    const answers = said.map((text, index) => ({ text, gold: gold[index]! }));
    const measured = measureClassification(answers, new Set(["red", "green", "blue"]));
    expect(measured.macroF1).toBeCloseTo(macroF1, 12);
    expect(measured.offLabel).toBe(said.filter((label) => label === "mauve").length);
  });
});

describe("abstention, citations, recall", () => {
  it("counts abstentions against what can be answered", () => {
    const measured = measureAbstention([
      { abstained: true, withdrawn: true, unanswerable: true },
      { abstained: true, withdrawn: false, unanswerable: false },
      { abstained: false, withdrawn: false, unanswerable: true },
      { abstained: false, withdrawn: false, unanswerable: false },
      { abstained: false, withdrawn: false, unanswerable: false },
    ]);
    expect(measured.withdrawn).toBe(1);
    expect(measured.precision?.value).toBe(0.5);
    expect(measured.recall?.value).toBe(0.5);
    expect(measured.falseRefusals?.value).toBeCloseTo(1 / 3, 12);
  });

  it("has no figure, rather than NaN, where there is nothing to count", () => {
    expect(measureAbstention([{ abstained: false, withdrawn: false, unanswerable: false }])).toMatchObject({
      precision: null,
      recall: null,
    });
    expect(measureCitations([[]])).toMatchObject({
      total: 0,
      correct: null,
      supported: null,
      rightDocument: null,
    });
  });

  it("asks a citation for support and for a gold document where those are known", () => {
    const citation = {
      marker: 1,
      chunkId: "c",
      documentId: "fares.md",
      title: "Fares",
      headings: [],
      start: 0,
      end: 1,
      verdict: "supported" as const,
    };
    const question = { id: "q", prompt: [], completion: "" };
    expect(gradeCitation(citation, { ...question, documents: ["fares.md"] }).correct).toBe(true);
    expect(gradeCitation(citation, { ...question, documents: ["pets.md"] }).correct).toBe(false);
    expect(gradeCitation(citation, question)).toMatchObject({ correct: true, rightDocument: null });
    expect(gradeCitation({ ...citation, verdict: "unsupported" }, question).correct).toBe(false);
  });

  it("counts each gold document once", () => {
    expect(documentRecall(["a", "a", "b"], ["a", "c"])).toBe(0.5);
  });
});
