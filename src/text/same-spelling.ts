import { sify } from "chinese-conv";

/**
 * Hindi and Chinese words as one of the ways to write them: half a nasal letter as the dot (`हिन्दी`, `हिंदी`), no dot below
 * a consonant, the moon's dot as a plain one; simplified characters.
 */
export function sameSpelling(text: string): string {
  if (/\p{Script=Han}/u.test(text)) return sify(text);
  if (!/\p{Script=Devanagari}/u.test(text)) return text;
  return text
    .normalize("NFKC")
    .replaceAll("\u093C", "")
    .replaceAll("\u0901", "\u0902")
    .replaceAll(/[ङञणनम]\u094D(?=[क-ह])/gu, "\u0902");
}
