import {
  checkEntries,
  createGlossary,
  knownLanguage,
  parseGlossary,
  type GlossaryEntry,
  type GlossaryFinding,
  type LanguagePair,
} from "../glossary/index.ts";
import { readFile } from "../platform/index.ts";

export interface GlossaryReport {
  entries: number;
  findings: GlossaryFinding[];
  /** The terms of the text that was given. */
  found?: { text: string; start: number; end: number; how: string; entries: GlossaryEntry[] }[];
}

/** Reads a glossary file, says what is wrong with it, and which of its terms a text holds. */
export async function inspectGlossary(
  file: string,
  pair: LanguagePair,
  text?: string,
): Promise<GlossaryReport> {
  const entries = await parseGlossary(await readFile(file), file, pair);
  const report = { entries: entries.length, findings: checkEntries(entries) };
  if (text === undefined) return report;
  const language = knownLanguage(pair.source ?? entries[0]!.languages.source);
  const found = createGlossary(entries, language).find(text);
  return { ...report, found: found.map(({ owners, ...place }) => ({ ...place, entries: owners })) };
}
