import { grammars } from "./grammars/all-grammars.ts";
import { fullStops } from "./sentences.ts";

/**
 * Whether a text says that no answer can be given: the fixed sentence, or what models say of their own accord. Only the
 * beginning counts: an answer that ends with a doubt is still an answer, and so is one that goes on with figures (`The
 * passage sets no limit; by default it is 5.`).
 */
export function isAbstention(text: string, abstainAnswer: string): boolean {
  const said = simplify(text);
  if (text.replaceAll(marker, " ").trim() === "") return true;
  if (said === "") return false;
  const fixed = simplify(abstainAnswer);
  if (said === fixed || (said.startsWith(`${fixed} `) && endsThere(text, abstainAnswer))) return true;
  const [opening = "", ...rest] = text.replaceAll(marker, " ").trim().split(openingEnd);
  const refused = simplify(opening).replace(apology, "");
  const isRefusal = grammars.some(({ refusals = [] }) => refusals.some((refusal) => refusal.test(refused)));
  const more = rest.join(" ");
  return isRefusal && (!/\p{Nd}/u.test(more) || guess.test(more));
}

const openingEnd = new RegExp(String.raw`[.;!?](?=\s)|[！？${fullStops}]|\n`, "u");
const fixedEnd = new RegExp(String.raw`[.;:!?,—–-](?=\s|$)|[！？${fullStops}]|\n`, "u");

/** What comes of a refusal as a guess is no answer: `The documents do not say. It could be 12 May.` */
const guess = /^\s*(?:perhaps |maybe |possibly )?(?:it|this|that|they) (?:could|might) be\b/iu;

/** Whether a text is the fixed sentence and nothing else. */
export const isAbstainAnswer = (text: string, abstainAnswer: string): boolean =>
  simplify(text) === simplify(abstainAnswer);

/** The fixed sentence as a sentence of its own: `Not found` is none in `Not found items are kept for 30 days.` */
function endsThere(text: string, abstainAnswer: string): boolean {
  const words = simplify(abstainAnswer).split(" ").length;
  if (words >= 5) return true;
  const [opening = ""] = text.replaceAll(marker, " ").trim().split(fixedEnd);
  return simplify(opening) === simplify(abstainAnswer);
}

/** Sorry alone refuses nothing: `I'm sorry for the wait.` */
const apology =
  /^(?:(?:i am|i'm|we are|we're) (?:very |really )?(?:sorry|afraid) |sorry |unfortunately |es tut mir leid |leider |désolée? |je suis désolée? |lo siento |mi dispiace |desculpe |извините |к сожалению )(?:but |aber |mais |pero |но )?(?:that |dass |que )?/u;

const marker = /\[\d+\]/g;

const simplify = (text: string): string =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replaceAll(marker, " ")
    .replaceAll(/[^\p{L}\p{M}\p{N}' ]/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
