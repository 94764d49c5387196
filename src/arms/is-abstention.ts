/**
 * Whether a text says that no answer can be given: the fixed sentence, or what models say of their own accord. Only
 * the beginning counts: an answer that ends with a doubt is still an answer.
 */
export function isAbstention(text: string, abstainAnswer: string): boolean {
  const said = simplify(text);
  return (
    said === "" || said.startsWith(simplify(abstainAnswer)) || refusals.some((refusal) => refusal.test(said))
  );
}

const refusals = [
  /^(i am|i'm) (sorry|unable|not able)\b/,
  /^(sorry )?(but )?i (cannot|can't|could not|do not|don't) (answer|say|know|find|have)\b/,
  /^(the|these|this) (document|passage|text|context)s? (do|does|did) not (say|mention|state|contain|answer|specify|provide)\b/,
  /^not (stated|mentioned|given|specified|found|answered) in\b/,
  /^(there is|i have) no (information|mention)\b/,
];

const simplify = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(/\[\d+\]/g, " ")
    .replaceAll(/[^\p{L}\p{N}' ]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
