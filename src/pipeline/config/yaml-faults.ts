import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  visit,
  type Document,
  type ErrorCode,
  type Node,
  type Pair,
} from "yaml";
import { nameKey } from "./describe-issue.ts";

/** Something that is wrong, and where in the text it begins. */
export interface Fault {
  offset: number;
  text: string;
}

/** What makes a text no YAML that means something, the first fault of each line, in plain words. */
export function findYamlFaults(document: Document, text: string): Fault[] {
  const faults = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }): Fault => {
    const told =
      code === "DUPLICATE_KEY" ? repeatedKey(document, offset, text) : sentences[code]?.(text.slice(offset));
    return { offset, text: told ?? "this cannot be read as YAML" };
  });
  const lines = new Set<number>();
  return [...faults, ...findLooseAliases(document)]
    .sort((a, b) => a.offset - b.offset)
    .filter(({ offset }) => {
      const line = lineOf(text, offset);
      return !lines.has(line) && lines.add(line);
    });
}

/** By the parser's code; `rest` is the text from the fault on. */
const sentences: Partial<Record<ErrorCode, (rest: string) => string>> = {
  MULTIPLE_DOCS: () =>
    "a second document begins here; keep all keys in one, without a line of `---` between them",
  BAD_INDENT: () =>
    "this line begins at another depth than those it belongs with, or a bracket before it is not closed",
  BLOCK_AS_IMPLICIT_KEY: () =>
    "a value holds a `key: value` of its own; give that a line, or put the value in quotes",
  MULTILINE_IMPLICIT_KEY: () => "a `:` is missing after this key",
  TAB_AS_INDENT: () => "a line begins with a tab; indent it with spaces",
  MISSING_CHAR: () => "a closing quote or bracket, a comma, or the `:` after a key is missing",
  BAD_SCALAR_START: (rest) => `a value cannot begin with \`${rest[0] ?? ""}\`; put it in quotes`,
  BAD_DQ_ESCAPE: (rest) =>
    `\`${rest.slice(0, 2)}\` means nothing in double quotes; write the backslash twice, or use single quotes`,
  UNEXPECTED_TOKEN: () =>
    "this does not belong here: a list and `key: value` lines are mixed, or a line is cut",
  TAG_RESOLVE_FAILED: (rest) =>
    `the tag \`${/^\S+/.exec(rest)?.[0] ?? ""}\` means nothing here; leave it out`,
};

function repeatedKey(document: Document, offset: number, text: string): string | undefined {
  let told: string | undefined;
  visit(document, {
    Pair(_, pair, path) {
      if (startOf(pair) !== offset) return undefined;
      const keys = [...path.filter(isPair), pair].map(keyOf);
      const first = path.findLast(isMap)?.items.find((other) => keyOf(other) === keyOf(pair));
      const line = first && lineOf(text, startOf(first) ?? 0);
      told = `${nameKey(keys)} is written a second time${line === undefined ? "" : `; the first is in line ${line}`}`;
      return visit.BREAK;
    },
  });
  return told;
}

/** `*name` where nothing before it is named so. */
function findLooseAliases(document: Document): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias(_, alias) {
      if (isAlias(alias) && alias.resolve(document) === undefined)
        faults.push({
          offset: alias.range?.[0] ?? 0,
          text: `\`*${alias.source}\` stands for nothing: no value before it is named \`&${alias.source}\``,
        });
    },
  });
  return faults;
}

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
const startOf = ({ key }: Pair): number | undefined => (key as Node | null)?.range?.[0];
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
