/** A stemmer that takes the longest of these endings that leaves a stem of `least` letters. */
export function stripEnding(endings: string, least: number): (word: string) => string {
  const longestFirst = endings.split(/\s+/u).sort((a, b) => b.length - a.length);
  return (word) => {
    const ending = longestFirst.find((each) => word.length >= each.length + least && word.endsWith(each));
    return ending === undefined ? word : word.slice(0, -ending.length);
  };
}
