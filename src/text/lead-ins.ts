import { leadIns } from "./languages/english.ts";

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
