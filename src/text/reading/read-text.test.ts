import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inBase, type Figure } from "./figure.ts";
import { figuresOf, holdsFigure } from "./figures.ts";
import { grammars } from "../grammars/all-grammars.ts";
import { plainText } from "../plain-text.ts";
import { splitSentences } from "../sentences.ts";
import { stemsOf } from "../stems.ts";

const written = (figure: Figure): string | number =>
  figure.kind === "number"
    ? `${Number(inBase(figure).toPrecision(9))}${figure.unit ? ` ${figure.unit.dimension}` : ""}${figure.ordinal ? " ordinal" : ""}`
    : figure.kind === "date"
      ? [figure.year, figure.month, figure.day, figure.weekday].map((part) => part ?? "-").join(" ")
      : figure.kind === "time"
        ? `${Math.floor(figure.minutes / 60)}h${figure.minutes % 60}`
        : `code ${figure.text}`;

describe("figures", () => {
  it.each([
    ["1,940 florins, 4.10, seventeen, 08:00, one of them", ["1940", "4.1", "17", "8h0"]],
    ["twenty-five, a hundred and fifty, nineteen eighty-four", ["25", "150", "1984"]],
    ["fifth, 5th and 12½", ["5 ordinal", "5 ordinal", "12.5"]],
    ["1\u2009940 people and 1\u00A0500 seats", ["1940", "1500"]],
    ["Der Preis ist 1.500 Euro oder 2,50 €", ["1500 EUR", "2.5 EUR"]],
    ["-5 °C, .5 mg and 007", ["-5 temperature", "0.0005 mass", "code 007"]],
    ["on Jan. 5, 2024 or 05.03.", ["2024 1 5 -", "- 3 5 -"]],
    ["from 1 h 30 min to half an hour", ["5400 time", "1800 time"]],
    ["part AB-1203/4, gate 3a, the 1990s", ["code AB-1203/4", "code 3a", "1990 decade"]],
    ["二十五公里，下午三点", ["25000 length", "15h0"]],
    ["٢٥ كم", ["25000 length"]],
    ["двадцать пять километров", ["25000 length"]],
    ["quatre-vingt-dix-sept euros", ["97 EUR"]],
    ["fünfundzwanzig Tage", ["2160000 time"]],
    [
      "Det kostar tjugofem kronor, hundrasjuttiofem på lördag den 3 maj",
      ["25 SEK", "175", "- - - 6", "- 5 3 -"],
    ],
    ["Mødet varer femoghalvtreds minutter, halv otte om fredagen", ["3300 time", "7h30", "- - - 5"]],
    ["Det koster tohundreogfemti kroner for de andre", ["250 NOK"]],
    ["veintiuno de enero", ["- 1 21 -"]],
  ])("%s", (text, expected) => {
    const read = figuresOf(text).map(written);
    expect(read.map((each) => String(each).replace(/^0\.0005 mass$/u, "0.0005 mass"))).toEqual(expected);
  });

  it("are held however they are written", () => {
    const held = (passage: string, said: string): boolean =>
      figuresOf(said).every((figure) => holdsFigure(figuresOf(passage), figure));
    expect(held("It takes twenty-five days.", "25 days")).toBe(true);
    expect(held("It takes twenty-five days.", "20 days")).toBe(false);
    expect(held("A hundred and fifty seats", "150")).toBe(true);
    expect(held("Der Preis beträgt 1.500 Euro und ist zu zahlen.", "1500 Euro")).toBe(true);
  });

  it("are read of any text without an error", () => {
    const piece = fc.constantFrom(
      "5",
      "-",
      "/",
      "km",
      ".",
      ",",
      "½",
      "二",
      "Jan",
      "half",
      "and",
      "€",
      ":",
      " ",
      "a",
      "³",
      "'",
    );
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...grammars), (any, language) => {
        for (const figure of figuresOf(any, language))
          if (figure.kind === "number") expect(figure.value).not.toBeNaN();
      }),
    );
  });
});

describe("plain text", () => {
  it("writes digits, widths, dashes and invisible letters one way", () => {
    expect(plainText("２５ ٢٥ २५ ๒๕ – \u200Fred\u00AD “x” cafe\u0301")).toBe('25 25 25 25 - red "x" café');
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(plainText(plainText(text))).toBe(plainText(text));
      }),
    );
  });
});

describe("sentences", () => {
  it.each([
    ["It was Jan. 5, 2024. It rained.", 2],
    ["We meet at 5 p.m. Monday.", 1],
    ["We meet at 5 p.m. The ferry is late.", 2],
    ["The U.S. Navy came.", 1],
    ["Er kommt am 5. Januar. Dann geht er.", 2],
    ["It costs 25. Children pay 3.", 2],
    ["Der Hafen hat z. B. Boote.", 1],
    ["图书馆开门。請進。", 2],
    ["पुल पुराना है। वह बंद है।", 2],
    ["यह एक नाव है॥ क्यों? हाँ।", 3],
    ["「はい。」と言った。本当ですか！？はい。", 3],
    ["（終わり。）次。", 2],
    ["長さは３．５メートル。", 1],
    ["یہ کشتی ہے۔ وہ بند ہے۔", 2],
    ["ဒါကလှေပါ။ နောက်တစ်စင်း။", 2],
    ["នេះជាទូក។ មួយទៀត។", 2],
    ["ይህ ጀልባ ነው። ሌላ።", 2],
  ])("%s", (text, count) => expect(splitSentences(text)).toHaveLength(count));
});

it("stems without stop words and numbers", () => {
  expect([...stemsOf("The passenger's bicycles were parked; seven bicycle parks")]).toEqual([
    "passeng",
    "bicycl",
    "park",
  ]);
});
