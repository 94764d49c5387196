import { eld } from "eld/small";

/** Fewer letters than this are of any language. */
const fewestLetters = 20;

/** The language of a text as ISO 639-1 has it, undefined where it is too short to tell or the detector is not sure. */
export function languageOf(text: string): string | undefined {
  if ((text.match(/\p{L}/gu)?.length ?? 0) < fewestLetters) return undefined;
  const found = eld.detect(text.slice(0, 2000));
  return found.isReliable() ? found.language : undefined;
}
