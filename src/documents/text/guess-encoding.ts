import { decodeAs } from "./decode-as.ts";
import { profiles, type Profile } from "./letter-profiles.ts";

export interface Guess {
  encoding: string;
  text: string;
  /** From 0, no text at all, to about 1.3. */
  score: number;
}

/** More says no more about the encoding. */
const sampleBytes = 40_000;
const leastScore = 0.72;

/** The older encoding in which the bytes make the likeliest text; undefined where they make none. */
export function guessEncoding(bytes: Uint8Array): Guess | undefined {
  const encodings = [...new Set(profiles.flatMap((profile) => profile.encodings))];
  let best: Guess | undefined;
  for (const encoding of encodings) {
    const sample = decodeSample(bytes, encoding);
    if (sample === undefined) continue;
    const likely = score(
      sample,
      profiles.filter((profile) => profile.encodings.includes(encoding)),
    );
    // Of two that read the same, the first: the more common.
    if (likely < leastScore || (best && likely <= best.score + 0.01)) continue;
    const text = decodeAs(bytes, encoding);
    if (text !== undefined) best = { encoding, text, score: likely };
  }
  return best;
}

/** How far a text is a likely one in any language, from 0 to about 1.3. */
export const plausibility = (text: string): number => score(text.slice(0, sampleBytes), profiles);

/** A sample may end within a character. */
function decodeSample(bytes: Uint8Array, encoding: string): string | undefined {
  for (let cut = 0; cut < 4; cut++) {
    const text = decodeAs(bytes.subarray(0, Math.min(bytes.length, sampleBytes) - cut), encoding);
    if (text !== undefined || bytes.length <= sampleBytes) return text;
  }
  return undefined;
}

function score(text: string, among: Profile[]): number {
  // oxlint-disable-next-line no-control-regex -- they are what no text holds
  if (/[\u0080-\u009f\ufffd]/.test(text)) return 0;
  const foreign = text.match(/[^\0-\u007f]/g) ?? [];
  if (foreign.length === 0) return 1;
  const letters = text.match(/(?![\0-\u007f])\p{L}\p{M}*/gu) ?? [];
  const oddShare = oddities(text) / foreign.length;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const best = Math.max(...among.map((profile) => likeness(profile, letters, words)));
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length;
  const shouting = letters.length > 20 && capitals > 0.6 * letters.length ? 0.2 : 0;
  return Math.max(0, best - 2 * oddShare - shouting);
}

/** Signs inside words or hanging on them, capitals behind small letters, and signs of no writing. */
function oddities(text: string): number {
  const inWords =
    text.match(/\p{L}[^\0-\u007f\p{L}\p{M}’‘´·•–—\u00a0…«»“”ー\u3000-\u303f\uff00-\uffef]\p{L}/gu)?.length ??
    0;
  const hanging = text.match(/\p{L}[±¶¦¬¯¸¨¤¼¾¹³](?!\p{L})|(?<!\p{L})[±¶¦¬¯¸¨¤¼¾¹]\p{L}/gu)?.length ?? 0;
  const capitals = text.match(/\p{Ll}(?![A-Z])\p{Lu}/gu)?.length ?? 0;
  const drawn = text.match(/[\u2500-\u25ff¤¦¬\ue000-\uf8ff]/g)?.length ?? 0;
  return inWords + hanging + capitals + drawn;
}

function likeness(profile: Profile, letters: string[], words: string[]): number {
  const { script, share = 1 } = profile;
  const own = new Set(profile.letters);
  if (script) {
    const ofScript = letters.filter((letter) => script.test(letter));
    if (letters.length === 0) return 0;
    const common = ofScript.filter((letter) => own.has(letter[0]!.toLowerCase())).length;
    const frequent = Math.min(1, common / Math.max(1, ofScript.length) / share);
    return frequent * (ofScript.length / letters.length);
  }
  // Most letters of any language in Latin script are plain.
  const all = words.reduce((sum, word) => sum + word.length, 0);
  if (letters.length > 5 && letters.length > 0.5 * all) return 0;
  const common = new Set(profile.words!.split(" "));
  const known = words.filter((word) => common.has(word)).length / Math.max(1, words.length);
  const covered =
    letters.length === 0 ? 0.8 : letters.filter((letter) => own.has(letter)).length / letters.length;
  // Words of plain letters tell a language that its few other letters do not.
  return covered + Math.min(0.3, known);
}
