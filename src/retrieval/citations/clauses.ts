import type { LanguageCode } from "../../contracts/index.ts";

/** Words that join clauses and are nothing else in any language read here. */
const everywhere = "but|while|whereas|and|aber|und|mais|et|pero|y";
/** What joins clauses in a language, and may be another word elsewhere. */
const joining: Partial<Record<LanguageCode, string>> = {
  nl: "en|maar|terwijl",
  it: "e|ed|ma|mentre",
  pt: "e|mas|enquanto",
  sv: "och|men|medan",
  da: "og|men|mens",
  no: "og|men|mens",
  ru: "и|а|но",
  uk: "і|й|та|а|але",
  pl: "i|a|ale",
  cs: "a|ale",
};

/** Parts of a sentence that may say different things of different things: `Adults pay 11.00, children 5.50`. */
export function clausesOf(sentence: string, language: LanguageCode | undefined): string[] {
  const joins = [everywhere, ...(language && joining[language] ? [joining[language]] : [])].join("|");
  return split(sentence, new RegExp(`[;:]\\s+|,\\s+(?=\\p{L})|\\s+(?=(?:${joins})\\s)`, "iu"));
}

/** Parts of a sentence that stand by themselves: each names what it is about. */
export const independentParts = (sentence: string): string[] => split(sentence, /;\s+/u);

const split = (sentence: string, at: RegExp): string[] =>
  sentence
    .split(at)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
