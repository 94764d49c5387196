import type { GlossaryEntry } from "./glossary-entry.ts";

/** Entries as lines of a prompt: `term = translation (noun; what it means; e.g. "..." = "..."; not: ...)`. */
export function renderTerms(entries: readonly GlossaryEntry[]): string {
  return entries.map(renderEntry).join("\n");
}

function renderEntry({ source, targets, doNotTranslate, ...entry }: GlossaryEntry): string {
  const said = doNotTranslate ? `${source} (keep as it is)` : targets.join(" or ");
  const [example] = entry.examples;
  const notes = [
    entry.partOfSpeech,
    entry.definition,
    example &&
      `e.g. ${JSON.stringify(example.source)}${example.target === "" ? "" : ` = ${JSON.stringify(example.target)}`}`,
    entry.forbidden.length > 0 && `not: ${entry.forbidden.join(", ")}`,
  ].filter(Boolean);
  const head = said === "" ? source : `${source} = ${said}`;
  return notes.length > 0 ? `${head} (${notes.join("; ")})` : head;
}
