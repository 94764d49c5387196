import { foldToken } from "../text/index.ts";
import type { GlossaryEntry } from "./glossary-entry.ts";

/** Something in a glossary that a person should decide. */
export interface GlossaryFinding {
  kind: "duplicate" | "conflict" | "forbidden-and-required" | "cycle" | "no-target";
  /** The terms concerned. */
  terms: string[];
  message: string;
}

/**
 * What is wrong with the entries of a glossary: the same one twice; one term (with one part of speech) with translations
 * that have nothing in common; a form that one entry requires and another forbids for the same term; in a glossary of
 * preferred terms, terms that replace each other in a circle; an entry that says nothing. Linear in the entries.
 */
export function checkEntries(entries: readonly GlossaryEntry[]): GlossaryFinding[] {
  const findings: GlossaryFinding[] = [];
  for (const [first, ...rest] of groupBy(
    entries,
    (entry) => `${keyOf(entry, entry.source)}\n${entry.partOfSpeech ?? ""}`,
  )) {
    for (const other of rest) findings.push(...compare(first!, other));
  }
  for (const entry of entries) {
    const { source, targets, doNotTranslate, definition, forbidden } = entry;
    const both = forbidden.filter((form) => targets.some((target) => fold(target) === fold(form)));
    for (const form of both) findings.push(contradiction(source, form));
    if (targets.length === 0 && !doNotTranslate && definition === undefined && forbidden.length === 0) {
      findings.push({
        kind: "no-target",
        terms: [source],
        message: `${quote(source)} has neither a translation nor a definition`,
      });
    }
  }
  return [...findings, ...findCycles(entries)];
}

function compare(a: GlossaryEntry, b: GlossaryEntry): GlossaryFinding[] {
  const [ofA, ofB] = [a.targets.map(fold), b.targets.map(fold)];
  const clashes = [
    ...a.targets.filter((form) => b.forbidden.map(fold).includes(fold(form))),
    ...b.targets.filter((form) => a.forbidden.map(fold).includes(fold(form))),
  ];
  if (clashes.length > 0) return clashes.map((form) => contradiction(a.source, form));
  if (ofA.join("\n") === ofB.join("\n") && a.doNotTranslate === b.doNotTranslate) {
    return [
      {
        kind: "duplicate",
        terms: [a.source],
        message: `${quote(a.source)} is there twice with the same translation`,
      },
    ];
  }
  if (ofA.some((form) => ofB.includes(form))) return [];
  const says = ({ doNotTranslate, source, targets }: GlossaryEntry): string =>
    quote(doNotTranslate ? source : targets.join(", "));
  return [
    {
      kind: "conflict",
      terms: [a.source],
      message: `${quote(a.source)} is ${says(a)} in one entry and ${says(b)} in another`,
    },
  ];
}

const contradiction = (term: string, form: string): GlossaryFinding => ({
  kind: "forbidden-and-required",
  terms: [term],
  message: `${quote(form)} is both required and forbidden for ${quote(term)}`,
});

/** Circles of terms that replace each other, where source and target are of one language. Each circle once. */
function findCycles(entries: readonly GlossaryEntry[]): GlossaryFinding[] {
  const next = new Map<string, string>();
  for (const { source, targets, languages, doNotTranslate } of entries) {
    const isOneLanguage = languages.source === languages.target;
    const [from, to] = [fold(source), fold(targets[0] ?? "")];
    if (isOneLanguage && !doNotTranslate && to !== "" && from !== to && !next.has(from)) next.set(from, to);
  }
  const findings: GlossaryFinding[] = [];
  /** The walk that first came by. */
  const walkOf = new Map<string, number>();
  for (const [walk, begin] of [...next.keys()].entries()) {
    const path: string[] = [];
    let at: string | undefined = begin;
    while (at !== undefined && !walkOf.has(at)) {
      walkOf.set(at, walk);
      path.push(at);
      at = next.get(at);
    }
    if (at === undefined || walkOf.get(at) !== walk) continue;
    const circle = path.slice(path.indexOf(at));
    if (circle.length < 2) continue;
    const message = `${[...circle, at].map(quote).join(" is to be ")}: a circle`;
    findings.push({ kind: "cycle", terms: circle, message });
  }
  return findings;
}

const fold = (text: string): string => foldToken(text).trim();
const keyOf = ({ caseSensitive }: GlossaryEntry, text: string): string => (caseSensitive ? text : fold(text));
const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}
