/** Parts of a sentence that may say different things of different things: `Adults pay 11.00, children 5.50`. */
export function clausesOf(sentence: string): string[] {
  return sentence
    .split(/[;:]\s+|,\s+(?=\p{L})|\s+(?=(?:but|while|whereas|and|aber|und|mais|et|pero|y)\s)/iu)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
}
