import * as fc from "fast-check";
import { expect, test } from "vitest";
import { languageOf } from "./language-of.ts";
import { languageCodes, type LanguageCode } from "../../contracts/index.ts";
import { questionTokens, searchTokens } from "./search-tokens.ts";

const tokensOf = (text: string, language?: LanguageCode) => {
  const { words, parts } = searchTokens(text, language);
  return new Set([...words, ...parts]);
};
/** Whether a passage shares a token with the question that is no stop word. */
const finds = (question: string, passage: string, language: LanguageCode) => {
  const indexed = tokensOf(passage, language);
  const { words, parts } = questionTokens(question, [language]);
  return [...words, ...parts].some((token) => indexed.has(token));
};

test.each<[LanguageCode, string, string]>([
  ["en", "ferries", "The ferry leaves at noon."],
  ["de", "Häuser", "Das Haus am Kai"],
  ["de", "Gebühr", "Die Hundegebühr beträgt 7 Gulden."],
  ["de", "Hunde", "Die Hundegebühr beträgt 7 Gulden."],
  ["de", "Hundegebühr", "Die Gebühr für Hunde"],
  ["nl", "belasting", "De hondenbelasting is hoog."],
  ["sv", "avgift", "Hundavgiften betalas vid kajen."],
  ["es", "billetes", "Un billete de ida y vuelta"],
  ["ru", "паромы", "Расписание парома на зиму"],
  ["ru", "ёлка", "Елки у причала"],
  ["fr", "eau", "Il boit de l’eau."],
  ["ar", "السفينة", "سفينة كبيرة"],
  ["ar", "مدرسة", "ذهب إلى المدرسة وبمدرسته كتب"],
  ["ar", "وزير", "والوزراء والوزيرة"],
  ["ar", "فيضان", "كثرت الفيضانات"],
  ["ar", "بيت", "يسكن في بيتهم"],
  ["ar", "أسماء", "اسماء الكتـــاب"],
  ["ar", "مدرسة", "تعلم بمدرسة"],
  ["hi", "लड़कों", "लड़का नाव पर है"],
  ["hi", "कुत्तों", "हर कुत्ते के लिए"],
  ["hi", "हिन्दी", "हिंदी में"],
  ["hi", "123", "कमरा १२३"],
  ["el", "σκύλος", "οι ΣΚΥΛΟΙ πληρώνουν"],
  ["el", "βιβλία", "ένα βιβλίο"],
  ["uk", "мости", "старий міст і мостами"],
  ["pl", "nurków", "nurkowie znaleźli"],
  ["bg", "библиотеката", "библиотеки"],
  ["fa", "کتاب", "کتاب‌های"],
  ["he", "ספר", "בספר הזה"],
  ["tr", "ışık", "IŞIKLAR yandı"],
  ["vi", "nguyen", "Nguyễn"],
  ["zh", "臺灣渡輪", "台湾渡轮"],
  ["zh", "渡轮", "末班渡轮几点开？"],
  ["ja", "犬", "犬は七フローリンを払う。"],
  ["ja", "カタカナ", "ｶﾀｶﾅで書く"],
  ["ko", "개", "개는 무료입니다"],
  ["th", "สุนัข", "ค่าโดยสารสุนัขเจ็ดบาท"],
  ["en", "cafe", "the CAFÉ on deck"],
  ["en", "café", "the cafe\u0301 on deck"],
  ["en", "ti\u200Bmeta\u00ADble", "The timetable"],
  ["en", "The Who", "The Who played on deck"],
])("%s: %j finds %j", (language, question, passage) => expect(finds(question, passage, language)).toBe(true));

test.each<[LanguageCode, string, string]>([
  ["en", "What is the fee?", "What is the name of the ship?"],
  ["de", "Was kostet es?", "Was ist das für ein Haus?"],
  ["ru", "не что он", "она сказала что да"],
  ["vi", "mả", "ma"],
])("%s: %j does not find %j by stop words alone", (language, question, passage) => {
  expect(finds(`${question} qqq`, passage, language)).toBe(false);
});

test("a word whose stem is that of a stop word stays", () => {
  expect(questionTokens("नाव का किराया", ["hi"]).words).toContain("किर");
});

test("codes are whole and in parts; digests of any length are tokens; symbols tell C from C++", () => {
  expect(searchTokens("Part AB-1203/4, see AB1203", "en")).toEqual({
    words: ["part", "ab-1203/4", "see", "ab1203"],
    parts: ["ab", "1203", "4", "ab", "1203"],
  });
  const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  expect(searchTokens(`sha256 ${digest.toUpperCase()}`).words).toContain(digest);
  expect(searchTokens("x".repeat(5000)).words).toEqual(["x".repeat(128)]);
  expect(searchTokens("C++ and C#").words).toEqual(["c++", "c", "and", "c#", "c"]);
  expect(searchTokens("1,940 florins at 4.10, p53").words).toEqual(["1940", "florins", "at", "4.10", "p53"]);
});

test("a question is read in every language of the index, and plainly, each token once", () => {
  expect(questionTokens("ferry ferry", []).words).toEqual(["ferry"]);
  expect(questionTokens("die Hunde", ["de"]).words).toEqual(["hund", "hunde"]);
  expect(questionTokens("die Hunde, dogs", ["de", "en"]).words).toEqual(
    expect.arrayContaining(["hund", "dog", "die", "hunde", "dogs"]),
  );
  expect(questionTokens("", ["en"])).toEqual({ words: [], parts: [] });
});

test("any text, any language: tokens without blanks, the same for all forms of the text, a question finds itself", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(undefined, ...languageCodes),
      (text, language) => {
        const { words, parts } = searchTokens(text, language);
        for (const token of [...words, ...parts]) expect(token).toMatch(/^\S+$/u);
        expect(searchTokens(text.normalize("NFD"), language)).toEqual(
          searchTokens(text.normalize("NFC"), language),
        );
      },
    ),
  );
});

test("a megabyte without a blank takes no time to speak of", () => {
  for (const piece of ["a", "a-", "1,", "犬", "'", "\u0301"]) {
    expect(searchTokens(piece.repeat(200_000), "de").words.length).toBeLessThan(500_000);
  }
});

test.each<[LanguageCode, string]>([
  ["en", "A dog pays 7 florins and stays on a lead, even when it is on the open deck."],
  ["de", "Ein Hund zahlt 7 Gulden und bleibt an der Leine, auch auf dem Deck."],
  ["nl", "Een hond betaalt zeven gulden en blijft aan de lijn, ook op het dek."],
  ["sv", "En hund betalar 7 kronor och ska hållas kopplad, även på däck."],
  ["es", "Cuánto cuesta un billete de ida y vuelta para un niño de siete años"],
  ["ru", "Собака платит семь флоринов и остаётся на поводке даже на палубе."],
  ["ar", "يدفع الكلب سبعة فلورينات ويبقى مربوطا حتى على ظهر السفينة."],
  ["hi", "कुत्ते को सात फ्लोरिन देने होंगे"],
  ["ja", "犬は七フローリンを払う。"],
  ["zh", "狗付七个弗罗林。"],
  ["ko", "개는 7플로린을 낸다."],
  ["th", "สุนัขจ่ายเจ็ดฟลอริน"],
])("detects %s", (language, text) => expect(languageOf(text)).toBe(language));

test("short texts have the language that is expected; long ones of another their own", () => {
  expect(languageOf("7 florins")).toBe(undefined);
  expect(languageOf("7 florins", "de")).toBe("de");
  const english = "The ferry leaves the quay at noon, and whoever is late has to wait for the next one.";
  expect(languageOf(english, "de")).toBe("en");
  expect(
    languageOf("Fares | Adults | Children | 4.10 | 2.05 | Bicycles | Motorcycles | Trailers", "en"),
  ).toBe("en");
});
