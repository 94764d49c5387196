import { grammars } from "./grammars/all-grammars.ts";

/** What models open with before they answer. */
const leadIns = [
  /^(?:short |final |direct )?answer\s*[:-]\s*/iu,
  /^(?:sure|certainly|of course|okay|well)\s*[,!.:]\s*/iu,
  /^(?:the|my) (?:short |correct |final |direct )?answer(?: to (?:the|your|this) question)? is(?: that)?\s*[:,]?\s*/iu,
  /^(?:according to|based on|as stated in|as per|per) (?:[^,.]|\.\d){1,80},\s*/iu,
  /^(?:in short|in summary|to summarise|to answer your question)\s*[,:]\s*/iu,
  /^(?:it is stated that|the (?:document|passage|handbook|text|context)s? (?:says?|states?)(?: that)?)\s*[:,]?\s*/iu,
];

/** An answer without what models open with before they answer: `Sure! The answer to your question is: `. */
export function stripLeadIns(text: string): string {
  let rest = text;
  for (let changed = true; changed;) {
    const before = rest;
    for (const leadIn of leadIns) rest = rest.replace(leadIn, "");
    changed = rest !== before && rest !== "";
  }
  return rest;
}

const aside = new RegExp(
  `,\\s*(?:${grammars.flatMap(({ asides }) => asides ?? []).join("|")})\\s*(?=,|[.!?]*\\s*$)`,
  "giu",
);

/** A text without what is put in or behind it and says no more: `5 euros, of course`. */
export const stripAsides = (text: string): string => text.replace(aside, "");
