import { stripEnding } from "./strip-ending.ts";

/**
 * Inflections of Hindi nouns, adjectives and verbs, after the lightweight stemmer of Ramanathan and Rao, "A Lightweight
 * Stemmer for Hindi" (EACL 2003 workshop). A glide before an ending is written or not: `रुपये`, `रुपए`.
 */
const hindiEnding = stripEnding(
  "ाएंगी ाएंगे ाऊंगी ाऊंगा ाइयाँ ाइयों ाइयां ाएगी ाएगा ाओगी ाओगे एंगी ेंगी एंगे ेंगे ूंगी ूंगा ातीं नाओं नाएं " +
    "ताओं ताएं ियाँ ियों ियां ाकर ाइए ाईं ाया ेगी ेगा ोगी ोगे ाने ाना ाते ाती ाता तीं ाओं " +
    "ाएं ुओं ुएं ुआं कर ाओ िए ाई ाए ने नी ना ते ीं ती ता ाँ ां ों ें ये यी या यों ए ई " +
    "ो े ू ु ी ि ा",
  2,
);

/** No stem ends in half of a double letter: that of `कुत्ते` is `कुत्त`. */
const stemHindi = (word: string): string => {
  const stem = hindiEnding(word);
  return stem.endsWith("\u094D") ? word.slice(0, stem.length + 1) : stem;
};

/**
 * Endings of Greek nouns, adjectives and verbs, without accents. Those of neuters in -ι and -μα have their vowel with
 * them, so that `βιβλίο` is `βιβλία` and `γράμμα` is `γράμματα`.
 */
const greekEnding = stripEnding(
  "ματων ματος ματα μα ιους ιων ιου ιος ιοι ιες ιας ιης ια ιο ιη ι αδες αδων ηδες ηδων ους ων ου ος οι ο " +
    "εως εων εις ει ης η ες ε ας α υς υ " +
    "ωντας οντας ουμε ουνε ουν ομαι ομαστε ονται εσαι εται ουνται ειται αμε ατε ετε ειτε αει ανε αν ω ως " +
    "ηθηκε ηθηκαν θηκε θηκαν ηκε ηκαν",
  3,
);

const stemGreek = (word: string): string =>
  greekEnding(
    word
      .normalize("NFD")
      .replaceAll(/[\u0300\u0301\u0308\u0342]/gu, "")
      .normalize("NFC"),
  );

/** The article, with `and` and the prepositions that are written with it; then `and`, alone or what a word begins with. */
const arabicArticle = /^(?:[وف](?:[بك]?ال|لل)(?=...)|(?:[بك]?ال|لل)(?=..))/u;
const arabicAnd = /^و(?!ال)(?=...)/u;
const arabicEnding = stripEnding("تهما تهم تها تان تين تنا هما هم هن ها نا كم ته تي ان ات ون ين يه ه ي ا", 3);

/**
 * A light stemmer after Larkey, Ballesteros, Connell, "Light Stemming for Arabic Information Retrieval" (2007): spellings
 * of one letter made one, the article and `and`, then endings of number, gender and owner as long as three letters stay.
 */
function stemArabic(word: string): string {
  let stem = word
    .normalize("NFD")
    .replaceAll(/(?<=\p{Script=Arabic}\p{M}*)\p{M}/gu, "")
    .replaceAll("ٱ", "ا")
    .replaceAll(/[ىی]/gu, "ي")
    .replaceAll("ة", "ه")
    .replace(arabicArticle, "")
    .replace(arabicAnd, "");
  for (let before = ""; before !== stem;) [before, stem] = [stem, arabicEnding(stem)];
  return stem;
}

/** Stemmers of languages that Snowball has none for, or no good one. A new one is a row. */
export const lightStemmers = {
  arabic: stemArabic,
  bulgarian: stripEnding(
    "овете евете ищата овците ите ата ята ото ето ият ия ът ят та то те ове еве ища еше аше ах а я о е у и ът",
    3,
  ),
  greek: stemGreek,
  hindi: stemHindi,
  persian: stripEnding("هایشان هایمان هایی های ها", 2),
  polish: stripEnding(
    "iami ami ach iach owie owi ów iów om iom em iem ego iego emu iemu ymi imi ych ich ym im iej ej ią ą ię ę y i ia a ie e io o iu u " +
      "ać eć ić yć ał ała ali ało ił iła ili uje ują ania anie aniu eniu enia enie",
    3,
  ),
  ukrainian: stripEnding(
    "ями ами ові еві ого ього ому ьому ими іми их іх ій ій ою ею єю ах ях ам ям ом ем єм ів їв ий і ї у ю и а я о е є ь " +
      "ати яти ити іти ють уть ять ать ає яє ує ив ила или ав ала али ано ено",
    3,
  ),
} satisfies Record<string, (word: string) => string>;
