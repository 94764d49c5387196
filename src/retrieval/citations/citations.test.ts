import { expect, test } from "vitest";
import type { Hit } from "../../contracts/index.ts";
import { checkCitations } from "./citations.ts";

const hit = (id: string, title: string, headings: string[], text: string): Hit => ({
  chunk: { id, documentId: `${id}.md`, title, headings, text, start: 5, end: 5 + text.length },
  score: 1,
  ranks: {},
});
const hits = [
  hit(
    "pay",
    "Pay and Allowances",
    ["1. Scales"],
    "Grade | Florins a month\nDeckhand | 1,940\nAble hand | 2,210",
  ),
  hit("dogs", "Animals on Board", ["2. Dogs"], "A dog pays 7 florins and stays on a lead, even on deck."),
  hit("pens", "Livestock", [], "# Livestock\n\n## 12. Pens\n\nThere are seventeen pens on the after deck."),
  hit("rules", "Rules 9", [], "The fee for a horse is 12 florins."),
];
const verdicts = (answer: string, question = "") =>
  checkCitations(answer, hits, question).map(({ chunkId, verdict }) => `${chunkId} ${verdict}`);

test.each([
  ["A deckhand earns 1940 florins a month. [1]", ["pay supported"]],
  ["A deckhand earns 1,950 florins a month. [1]", ["pay unsupported"]],
  ["7 florins, on a lead [2]", ["dogs supported"]],
  ["Dogs paying 7 florins stay on leads [2].", ["dogs supported"]],
  ["Cats travel free in the cabin. [2]", ["dogs unsupported"]],
  ["Seventeen. (Livestock, section 12)", ["pens supported"]],
  ["17. (Livestock, section 12)", ["pens supported"]],
  ["17. (Livestock, section 1)", []],
  ["7 florins. (Animals on board, Section 2.)", ["dogs supported"]],
  ["1,940 florins. (Pay and Allowances, section 1)", ["pay supported"]],
  ["1,940 florins. (Pay and Allowances, section 4)", []],
  ["7 florins. [0] [5] [99]", []],
  ["A dog pays 7 florins [2], a deckhand earns 1,940 [1].", ["dogs supported", "pay supported"]],
  ["A dog pays 7 florins [1][2].", ["pay unsupported", "dogs supported"]],
  ["A dog pays 7 florins [1, 2].", ["pay unsupported", "dogs supported"]],
  ["A dog pays 7 florins [2]. A horse pays 26 [2].", ["dogs supported", "dogs unsupported"]],
  ["2.1 metres [2]", ["dogs unsupported"]],
  ["9.9 florins. [4]", ["rules unsupported"]],
  ["No citation at all.", []],
  ["", []],
])("%j cites %j", (answer, expected) => expect(verdicts(answer)).toEqual(expected));

test.each([
  ["What do dogs pay on deck?", "Dogs pay on deck: nothing whatsoever [2]", ["dogs unsupported"]],
  ["What do dogs pay on deck?", "Dogs on deck pay 7 florins [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "Yes. [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "No [2]", ["dogs unsupported"]],
  ["Must a dog stay on a lead?", "Yes. [1]", ["pay unsupported"]],
  ["Must a dog stay on a lead?", "Yes, even on deck. [2]", ["dogs supported"]],
  ["Must a dog stay on a lead?", "Yes, by order of the harbour. [2]", ["dogs unsupported"]],
  ["Must a dog stay on a lead?", "[2]", ["dogs unsupported"]],
  ["How many pens?", "No. 17 [3]", ["pens supported"]],
  ["What does a horse pay?", "The answer to this question is: 12 [4]", ["rules supported"]],
  ["What does a horse pay?", "The correct answer is: 9. [4]", ["rules unsupported"]],
  ["What does a horse pay?", "The answer to this question is: [4]", ["rules unsupported"]],
  ["Must a dog stay on a lead?", "Sure! The answer is yes. [2]", ["dogs supported"]],
  ["What does a horse pay?", "9 florins [4]", ["rules unsupported"]],
  ["What does a horse pay?", "12 florins [4]", ["rules supported"]],
])("asked %j, %j cites %j", (question, answer, expected) =>
  expect(verdicts(answer, question)).toEqual(expected),
);

test("a citation says where the passage stands in its document", () => {
  expect(checkCitations("7 florins on a lead [2]", hits, "What does a dog pay?")).toEqual([
    {
      marker: 2,
      chunkId: "dogs",
      documentId: "dogs.md",
      title: "Animals on Board",
      headings: ["2. Dogs"],
      start: 5,
      end: 5 + hits[1]!.chunk.text.length,
      quote: "A dog pays 7 florins and stays on a lead, even on deck.",
      claim: { start: 0, end: "7 florins on a lead".length },
      verdict: "supported",
    },
  ]);
});

const passage = (text: string, title = "Rules", headings: string[] = []): Hit[] => [
  hit("p", title, headings, text),
];

test.each<[string, string, string, boolean]>([
  ["## 3 Animals\n\nA cat pays 2 euros.", "", "A cat pays 3 euros [1]", false],
  ["## 3 Animals\n\nA cat pays 2 euros.", "", "A cat pays 2 euros [1]", true],
  ["A cat pays 2 euros.[15]\n\n1. Dogs pay 4 euros.", "", "A cat pays 15 euros [1]", false],
  ["1. Dogs pay 4 euros.\n2. Cats pay 3 euros.", "", "Cats pay 2 euros [1]", false],
  ["A cat waits twenty-five days.", "", "A cat waits 25 days [1]", true],
  ["A cat waits twenty-five days.", "", "A cat waits 20 days [1]", false],
  ["It costs a hundred and fifty florins.", "", "150 florins [1]", true],
  ["Der Hund zahlt 1.500 Gulden im Jahr und bleibt an der Leine.", "", "1500 Gulden [1]", true],
  ["The hall is 12½ metres long.", "", "12.5 metres [1]", true],
  ["A cat pays 2 florins.", "", "A cat pays 2 euros [1]", false],
  ["A dog pays 7 florins. A horse pays 12 florins.", "What does a dog pay?", "12 florins [1]", false],
  ["A dog pays 7 florins. A horse pays 12 florins.", "What does a horse pay?", "12 florins [1]", true],
  ["Dogs may travel on the open deck.", "", "Dogs may not travel on the open deck [1]", false],
  ["Cyclists board after the cars and before the lorries.", "", "Cyclists board before the cars [1]", false],
  ["Cyclists board after the cars.", "", "The cars board before the cyclists [1]", true],
  ["Snakes are not taken on board.", "Are snakes taken on board?", "Yes. [1]", false],
  ["Snakes are not taken on board.", "Are snakes taken on board?", "No. [1]", true],
  ["Hunde bleiben auf dem Deck an der Leine.", "Bleiben Hunde auf dem Deck an der Leine?", "Ja. [1]", true],
  [
    "Les chiens restent en laisse sur le pont.",
    "Les chiens restent-ils en laisse sur le pont ?",
    "Oui. [1]",
    true,
  ],
  [
    "犬は甲板で七フローリンを払う。猫は無料です。",
    "犬はいくら払いますか？",
    "犬は甲板で七フローリンを払う。[1]",
    true,
  ],
  ["犬は甲板で七フローリンを払う。猫は無料です。", "", "鳥は船に乗れません。[1]", false],
  [
    "Der Hund ist auf dem Schiff und die Katze in der Kabine.",
    "",
    "Das Wetter ist auf der Insel und in der Stadt gut [1]",
    false,
  ],
])("passage %j, asked %j: %j is borne out: %s", (text, question, answer, expected) => {
  const [citation] = checkCitations(answer, passage(text), question);
  expect(citation!.verdict === "supported").toBe(expected);
});

test.each<[string, string, string, boolean]>([
  ["Dogs pay 4 florins.", "", "Dogs pay 4 euros [1]", false],
  ["Tell us a day before about the dog, on Deck 4.", "", "The dog pays 4 florins [1]", false],
  ["The wave height is 3.5 metres, the wind 44 knots.", "", "The wind is 44 metres [1]", false],
  ["The wave height is 3.5 metres, the wind 44 knots.", "", "The wind is 44 knots [1]", true],
  [
    "We return 30 florins a month, less a handling charge of 10 florins.",
    "",
    "The handling charge is 30 florins [1]",
    false,
  ],
  [
    "We return 30 florins a month, less a handling charge of 10 florins.",
    "",
    "The handling charge is 10 florins [1]",
    true,
  ],
  ["Be at the gate 40 minutes before departure.", "How early must I be at the gate?", "40 minutes [1]", true],
  [
    "| Route | Adult | Child |\n| --- | --- | --- |\n| Quay | 16.00 | 8.00 |",
    "",
    "A child pays 16.00 to the quay [1]",
    false,
  ],
  [
    "| Route | Adult | Child |\n| --- | --- | --- |\n| Quay | 16.00 | 8.00 |",
    "",
    "An adult pays 16.00 to the quay [1]",
    true,
  ],
  ["Tickets are never refunded and never changed.", "", "Tickets are never refunded [1]", true],
  ["Tickets are never refunded and never changed.", "", "Tickets are always refunded [1]", false],
  ["Left crossings are neither refunded nor carried over.", "", "Left crossings are refunded [1]", false],
  [
    "Cars are flooded with water and not smothered, and are watched for 24 hours after the fire.",
    "",
    "Cars are watched for 24 hours after the fire [1]",
    true,
  ],
  [
    "They are welcome on the open decks, and nowhere that food is served.",
    "",
    "They are not welcome on the open decks [1]",
    false,
  ],
  ["Snakes are not taken, with or without a carrier.", "Are snakes taken?", "Yes [1]", false],
  ["Only the coastguard ends a search.", "Does only the coastguard end a search?", "No [1]", false],
  ["The ships take fuel before 06:00.", "", "The ships take fuel after 06:00 [1]", false],
  [
    "Wait at Marrow for the bus. At Skell the meeting point is the tea kiosk.",
    "",
    "At Marrow the meeting point is the tea kiosk [1]",
    false,
  ],
  [
    "Wait at Marrow for the bus. At Skell the meeting point is the tea kiosk.",
    "",
    "At Skell the meeting point is the tea kiosk [1]",
    true,
  ],
])("relations: passage %j, asked %j: %j is borne out: %s", (text, question, answer, expected) => {
  const [citation] = checkCitations(answer, passage(text), question);
  expect(citation!.verdict === "supported").toBe(expected);
});

test.each<[string, string, boolean]>([
  ["What is the fine for smoking in a cabin?", "The fine for smoking in a [1]", false],
  ["What is the fine for smoking in a cabin?", "The fine for smoking in a cabin is 90 florins. [1]", true],
  ["What can a 12-year-old have?", "So, a 12-year-old can have [1]", false],
  ["What can a 12-year-old have?", "A lifejacket. [1]", true],
  ["What is the fine?", "Cabins > 5. [1]", false],
  ["Is there a fine for smoking in a cabin?", "There is a fine for smoking in a cabin. [1]", true],
  ["What is the least depth, in metres?", "2.1 metres [1]", true],
  ["Which has a fine, smoking or knitting?", "Smoking. [1]", true],
])("asked %j, %j answers: %s", (question, answer, expected) => {
  const text =
    "The fine for smoking in a cabin is 90 florins. A 12-year-old can have a lifejacket. The depth is 2.1 metres.";
  const citations = checkCitations(answer, passage(text, "Cabins", ["5. Smoking"]), question);
  expect(citations.some(({ verdict }) => verdict === "supported")).toBe(expected);
});

test("the section that holds the sentence is cited, where a passage joins two", () => {
  const text = "## 1. Dogs\n\nA dog pays 7 florins.\n\n## 2. Cats\n\nA cat travels free.";
  const [citation] = checkCitations("A cat travels free [1]", passage(text, "Ferry", ["1. Dogs"]), "");
  expect(citation).toMatchObject({ headings: ["2. Cats"], quote: "A cat travels free." });
  expect(text.slice(citation!.start - 5, citation!.end - 5)).toBe(citation!.quote);
});

test.each([
  ["7 florins. (Fares, section 3)", "Fares", ["Section 3: Dogs"]],
  ["7 florins. (Fares, § 3)", "Fares", ["§ 3 Dogs"]],
  ["7 florins. (Fares (2026), section 3)", "Fares (2026)", ["3. Dogs"]],
])("%j refers to %s, %j", (answer, title, headings) => {
  expect(checkCitations(answer, passage("A dog pays 7 florins.", title, headings), "")).toMatchObject([
    { marker: 1, verdict: "supported" },
  ]);
});

const rules = (text: string): Hit[] => [hit("rules", "Rules", [], text)];

test.each([
  [
    "A visit costs 14 dollars for adults and 6 for children.",
    "Children pay 6 dollars",
    "Children pay 14 dollars",
  ],
  [
    "Une nuit coûte 27 euros en dortoir et 44 euros en chambre.",
    "En chambre, 44 euros",
    "En dortoir, 44 euros",
  ],
  ["Книгу выдают на 21 день, журнал на 5 дней.", "Журнал выдают на 5 дней", "Книгу выдают на 5 дней"],
  [
    "Lena Tarkov founded the apiary in 1987, and Piet Omondi has led it since 2009.",
    "Piet Omondi has led it since 2009",
    "Lena Tarkov has led it since 2009",
  ],
  [
    "La direttrice è Giulia Armando; il tecnico è Dario Venier.",
    "La direttrice è Giulia Armando",
    "La direttrice è Giulia Venier",
  ],
  [
    "Drinks are allowed in the hall but not in the dome.",
    "Drinks are allowed in the hall",
    "Drinks are allowed in the dome",
  ],
  [
    "First the hive is smoked, then the frames are lifted.",
    "The hive is smoked before the frames are lifted",
    "The frames are lifted before the hive is smoked",
  ],
  [
    "Vor der Sauna wird geduscht, nach der Sauna wird geruht.",
    "Vor der Sauna wird geduscht",
    "Nach der Sauna wird geduscht",
  ],
  [
    "Betalen gebeurt voor het vertrek van de pont.",
    "Betalen gebeurt voor het vertrek",
    "Betalen gebeurt na het vertrek",
  ],
  ["Overpayments are never taken back in December.", "Never in December", "Taken back on 7th of December"],
])("%j bears out %j and not %j", (text, yes, no) => {
  const verdictOf = (claim: string): string | undefined =>
    checkCitations(`${claim} [1]`, rules(text), "")[0]?.verdict;
  expect([verdictOf(yes), verdictOf(no)]).toEqual(["supported", "unsupported"]);
});
