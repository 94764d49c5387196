import { grammars } from "../../text/index.ts";

/** Phrases that say one thing in other words, and the one they are compared as. */
const phrases: [RegExp, string][] = [
  [
    /\b(?:(?:there (?:is|are) )?no (?:extra |additional )?(?:charge|cost|fee)s?|free of (?:charge|cost)|without (?:charge|payment)|at no (?:extra |additional )?(?:charge|cost)|for free|gratis|costs nothing)\b/giu,
    "free",
  ],
  [/\b(?:USA|U\.S\.A\.|US|U\.S\.?|United States(?: of America)?)(?![\p{L}$])/gu, "USA"],
  [/\b(?:1st|first) quarter(?: of)?(?= (?:the year )?\d{4})/giu, "Q1"],
  [/\b(?:2nd|second) quarter(?: of)?(?= (?:the year )?\d{4})/giu, "Q2"],
  [/\b(?:3rd|third) quarter(?: of)?(?= (?:the year )?\d{4})/giu, "Q3"],
  [/\b(?:4th|fourth|last) quarter(?: of)?(?= (?:the year )?\d{4})/giu, "Q4"],
  [/\be-mail(s?)\b/giu, "email$1"],
  [/\be\.g\.,?/giu, "for example"],
  [/\ba (?=(?:third|fifth|sixth|eighth|tenth)(?: of\b|$|[.,;]))/giu, "one "],
  [/(?<![\w.,])(\d+) (pounds|euros|dollars|Euro) (\d{2})(?!\d|[.,]\d| (?:cents?|pence)\b)/gu, "$1.$3 $2"],
  // The sign stands first in Turkish and, as it is read, in Arabic.
  [/(?<![\p{L}\d%])% ?(\d+(?:[.,]\d+)?)(?![\d%])/gu, "$1 %"],
  [/(?<![\w.,])(\d{1,2})p(?!\w)/gu, "$1 pence"],
];

const ofLanguages = grammars.flatMap(({ sameAs = {} }) =>
  Object.entries(sameAs).map(([phrase, one]): [RegExp, string] => [
    new RegExp(
      `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\d.,])(?:${phrase})(?![\\p{Script=Latin}\\p{Script=Cyrillic}])`,
      "giu",
    ),
    one,
  ]),
);

const all = [...phrases, ...ofLanguages];

export const withSetPhrases = (text: string): string =>
  all.reduce((said, [pattern, one]) => said.replace(pattern, one), text);
