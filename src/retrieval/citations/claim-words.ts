import snowball from "snowball-stemmers";

const stemmer = snowball.newStemmer("english");

/** Words that say nothing about what a sentence is about. */
const stopWords = new Set(
  "a about above after again all also an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other our out over own per same she should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who whom why will with would you your yes".split(
    " ",
  ),
);

const smallNumbers =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const tens = "thirty forty fifty sixty seventy eighty ninety".split(" ");
const numberWords = new Map([
  ...smallNumbers.map((word, value): [string, number] => [word, value]),
  ...tens.map((word, index): [string, number] => [word, 30 + 10 * index]),
]);

/** The stems (Porter 2) of a text's content words; figures and number words are none. */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  const content = words
    .map((word) => word.replace(/['’]s?$/, ""))
    .filter((word) => word !== "" && !stopWords.has(word) && !numberWords.has(word));
  return new Set(content.map((word) => stemmer.stem(word)));
}

/** The figures of a text as plain numbers: `1,940`, `4.10` and `seventeen` are 1940, 4.1 and 17. */
export function figuresOf(text: string): Set<number> {
  const figures = new Set<number>();
  for (const [digits] of text.matchAll(/\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g)) {
    figures.add(Number(digits.replaceAll(",", "")));
  }
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) {
    const value = numberWords.get(word);
    // `one` is a pronoun as often as a figure.
    if (value !== undefined && value !== 1) figures.add(value);
  }
  return figures;
}
