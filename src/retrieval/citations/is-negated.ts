import type { LanguageCode } from "../../contracts/index.ts";
import { grammars, lexiconOf } from "../../text/index.ts";
import { clausesOf } from "./clauses.ts";

/** Words that deny without being negators. */
const denying =
  /\b(?:forbid\w*|forbade|prohibit\w*|bann?ed|refus\w*|verboten|interdit\w*|prohibid\w*|exclud\w*|unable)\b/giu;
/** `Pays nothing` and `is free` are the same, and so deny nothing; what comes `with or without` comes anyhow. */
const neutral =
  /\b(?:nothing|no (?:charge|cost|fee|extra)|(?:with or )?without|free of charge|not only|no (?:more|less|fewer|later|earlier|older|younger|larger|longer|smaller) than|no\. ?\d)/giu;

/** Whether any clause of a text denies. Two denials in one are none, but `neither … nor` is one. */
export function isNegated(text: string, language: LanguageCode | undefined): boolean {
  const { negators } = lexiconOf(grammars.find(({ code }) => code === language) ?? grammars[0]!);
  return clausesOf(text, language).some((clause) => {
    const plain = clause.toLowerCase().replaceAll("’", "'").replaceAll(neutral, " ");
    const words = plain.match(/\p{L}[\p{L}\p{M}']*/gu) ?? [];
    const denials = words.filter((word) => negators.has(word) && word !== "nor").length;
    return (denials + (plain.match(denying)?.length ?? 0)) % 2 === 1;
  });
}
