/** Addresses by the labels that links name them with: `[label]: address`. */
export type References = ReadonlyMap<string, string>;

/** Labels are the same whatever their case and spaces. (CommonMark 0.31, 4.7.) */
export const normalLabel = (label: string): string => label.replace(/\s+/g, " ").trim().toLowerCase();

/** One line of a document, if it defines a reference. A footnote's text is no address. */
export function readDefinition(line: string): { label: string; href: string } | undefined {
  const match =
    /^ {0,3}\[((?:[^[\]\\^]|\\.)(?:[^[\]\\]|\\.){0,998})\]:[ \t]*(?:<([^<>\n]*)>|(\S+))[ \t]*(?:"[^"]*"|'[^']*'|\([^()]*\))?[ \t]*$/.exec(
      line,
    );
  if (!match) return undefined;
  return { label: normalLabel(match[1]!), href: match[2] ?? match[3]! };
}

/**
 * What makes a link of the brackets that end before `from`: `(address "title")`, `[label]`, or nothing where `written`,
 * what is in the brackets, is a label itself. Undefined where they are only brackets.
 */
export function linkTail(
  text: string,
  from: number,
  references: References,
  written: string | undefined,
): { href: string; end: number } | undefined {
  if (text[from] === "(") return inlineTail(text, from + 1);
  if (references.size === 0 || written?.startsWith("^")) return undefined;
  const label = /^\[([^[\]]{0,999})\]/.exec(text.slice(from, from + 1001));
  const named = label && label[1] !== "" ? label[1]! : (written ?? "");
  const href = references.get(normalLabel(named));
  return href === undefined ? undefined : { href, end: from + (label?.[0].length ?? 0) };
}

/** Brackets within an address, and its length: an attack has more. */
const deepest = 32;
const longestAddress = 4000;

function inlineTail(text: string, from: number): { href: string; end: number } | undefined {
  let at = skipSpace(text, from);
  let href: string;
  if (text[at] === "<") {
    const end = /^<([^<>\n]*)>/.exec(text.slice(at, at + longestAddress));
    if (!end) return undefined;
    href = end[1]!;
    at += end[0].length;
  } else {
    let depth = 0;
    const start = at;
    for (; at < text.length && at - start < longestAddress; at++) {
      const character = text[at]!;
      if (character === "\\") at++;
      else if (character === "(" && ++depth > deepest) return undefined;
      else if (character === ")" && --depth < 0) break;
      else if (/\s/.test(character)) break;
    }
    href = text.slice(start, at);
  }
  at = skipSpace(text, at);
  const title = /^(?:"(?:[^"\\]|\\.){0,1000}"|'(?:[^'\\]|\\.){0,1000}'|\((?:[^()\\]|\\.){0,1000}\))/.exec(
    /["'(]/.test(text[at] ?? "") ? text.slice(at, at + 1100) : "",
  );
  at = skipSpace(text, at + (title?.[0].length ?? 0));
  return text[at] === ")" ? { href: href.replace(/\\([!-/:-@[-`{-~])/g, "$1"), end: at + 1 } : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < 100 && /\s/.test(text[at]!)) at++;
  return at;
}
