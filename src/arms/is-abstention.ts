/**
 * Whether a text says that no answer can be given: the fixed sentence, or what models say of their own accord (in
 * English). Only the beginning counts: an answer that ends with a doubt is still an answer, and so is one that goes on
 * with figures (`The passage sets no limit; by default it is 5.`).
 */
export function isAbstention(text: string, abstainAnswer: string): boolean {
  const said = simplify(text);
  if (said === "" || said.startsWith(simplify(abstainAnswer))) return true;
  const [opening = "", ...rest] = text
    .replaceAll(marker, " ")
    .trim()
    .split(/[.;!?](?=\s)|\n/);
  const refused = simplify(opening).replace(apology, "");
  return refusals.some((refusal) => refusal.test(refused)) && !/\d/.test(rest.join(" "));
}

/** Whether a text is the fixed sentence and nothing else. */
export const isAbstainAnswer = (text: string, abstainAnswer: string): boolean =>
  simplify(text) === simplify(abstainAnswer);

/** Sorry alone refuses nothing: `I'm sorry for the wait.` */
const apology =
  /^(?:(?:i am|i'm|we are|we're) (?:very )?(?:sorry|afraid) |sorry |unfortunately )(?:but )?(?:that )?/;

const refusals = [
  /^(?:i|we) (?:cannot|can't|could not|couldn't|do not|don't|am unable to|are unable to|am not able to|are not able to) (?:answer|say|know|find|tell|help|provide|determine)\b/,
  /^(?:i'm|we're) (?:unable|not able) to\b/,
  /^(?:i|we) (?:do not|don't|cannot|can't) have (?:any |enough |access|information|knowledge|details|the )/,
  /^(?:the|these|this|none of the|your) (?:provided |given )?(?:document|passage|text|context|source)s? (?:(?:do|does|did) not|don't|doesn't|didn't) (?:say|mention|state|contain|answer|specify|provide|include|give|tell)\b/,
  /^(?:it|this|that) is(?: not|n't) (?:stated|mentioned|given|specified|found|answered) in\b/,
  /^not (?:stated|mentioned|given|specified|found|answered) in\b/,
  /^(?:there is|there's|i have|we have) no (?:information|mention)\b/,
];

const marker = /\[\d+\]/g;

const simplify = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(marker, " ")
    .replaceAll(/[^\p{L}\p{N}' ]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
