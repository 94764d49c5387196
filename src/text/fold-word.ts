import { sameSpelling } from "./same-spelling.ts";

/**
 * A word without what writers leave out: case, accents of Latin and Greek letters, Arabic vowel signs and alef's
 * hamza, the dots of `ё`. Signs that make another letter (`й`, matras, dakuten) stay.
 */
export function foldWord(word: string): string {
  return sameSpelling(word.toLowerCase())
    .normalize("NFD")
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}|(?<=\p{Script=Cyrillic}\u0308?)\u0301/gu, "")
    .normalize("NFC")
    .replace(/[\u064B-\u065F\u0670\u0640]/gu, "")
    .replace(/[ßæœøłđıё\u0623\u0625\u0622\u0671\u0649\u0629’]/gu, (letter) => plain[letter] ?? "");
}

const plain: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  ё: "е",
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ة: "ه",
  "’": "'",
};
