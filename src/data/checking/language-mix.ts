import { eld } from "eld/small";

/** Fewer letters than this are of any language. */
const fewestLetters = 20;
/** More say nothing new, and take time. */
const enoughCharacters = 400;

/** The language of a text as ISO 639-1 has it, undefined where it is too short to tell or the detector is not sure. */
export function languageOf(given: string): string | undefined {
  const text = given.slice(0, enoughCharacters);
  if ((text.match(/\p{L}/gu)?.length ?? 0) < fewestLetters) return undefined;
  const found = eld.detect(text);
  return found.isReliable() ? found.language : undefined;
}
