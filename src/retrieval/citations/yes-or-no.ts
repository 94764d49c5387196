import { foldWord, grammars, lexiconOf } from "../../text/index.ts";

const listed = (pick: "yes" | "no"): ReadonlySet<string> =>
  new Set(grammars.flatMap((grammar) => [...lexiconOf(grammar)[pick]]));
const yes = listed("yes");
const no = listed("no");

/** What an answer says besides affirming or denying what was asked; `affirms` is undefined where it does neither. */
export function readYesOrNo(answer: string): { said: string; affirms: boolean | undefined } {
  const [opening, word] = /^[^\p{L}\p{N}]*(\p{L}[\p{L}\p{M}]*)(?=[^\p{L}\p{M}]|$)/u.exec(answer) ?? [];
  const rest = answer.slice(opening?.length ?? 0);
  // `No. 17` is a number, and `non-members` no denial.
  if (word === undefined || /^(?:\.?\s*\d|-)/u.test(rest)) return { said: answer, affirms: undefined };
  const folded = foldWord(word);
  const affirms = yes.has(folded) ? true : no.has(folded) ? false : undefined;
  // `No animal stays`: a word of the sentence.
  if (affirms === undefined || /^\s+\p{L}/u.test(rest)) return { said: answer, affirms: undefined };
  return { said: rest, affirms };
}
