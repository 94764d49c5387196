import { formatNumber } from "../text/list-mark.ts";
import { child, childrenOf, valueOf, type XmlNode } from "../text/read-xml.ts";

interface Level {
  start: number;
  format: string;
  /** `%1.%2` */
  text: string;
  isLegal: boolean;
  /** The level whose step makes this one begin anew; the one above, unless told. */
  restart: number | undefined;
}

/** Counts Word's automatic numbers; called for each numbered paragraph in order, it gives the paragraph's mark. */
export function createNumbering(
  root: XmlNode | undefined,
): (id: string | undefined, level: number) => { mark: string; isBullet: boolean } | undefined {
  const abstracts = new Map(
    childrenOf(root, "abstractNum").map((node) => [node.attributes["abstractNumId"] ?? "", node]),
  );
  const numbers = new Map(childrenOf(root, "num").map((node) => [node.attributes["numId"] ?? "", node]));
  const definitions = new Map<string, { levels: Level[]; abstract: string; starts: Map<number, number> }>();
  const counters = new Map<string, number[]>();
  const begun = new Set<string>();

  const define = (id: string) => {
    const known = definitions.get(id);
    if (known) return known;
    const number = numbers.get(id);
    if (!number) return undefined;
    const abstract = valueOf(number, "abstractNumId") ?? "";
    const node = abstracts.get(abstract);
    const levels = new Map(childrenOf(node, "lvl").map((level) => [Number(level.attributes["ilvl"]), level]));
    const starts = new Map<number, number>();
    for (const override of childrenOf(number, "lvlOverride")) {
      const at = Number(override.attributes["ilvl"]);
      const own = child(override, "lvl");
      if (own) levels.set(at, own);
      const start = valueOf(override, "startOverride");
      if (start !== undefined) starts.set(at, Number(start));
    }
    const definition = {
      levels: Array.from({ length: 9 }, (_, at) => readLevel(levels.get(at), at)),
      abstract,
      starts,
    };
    definitions.set(id, definition);
    return definition;
  };

  return (id, level) => {
    const definition = id === undefined || id === "0" ? undefined : define(id);
    if (!definition || !(level >= 0 && level < 9)) return undefined;
    const { levels, abstract, starts } = definition;
    const counts = counters.get(abstract) ?? levels.map(({ start }) => start - 1);
    counters.set(abstract, counts);
    if (!begun.has(id!)) {
      begun.add(id!);
      for (const [at, start] of starts) counts[at] = start - 1;
    }
    counts[level]!++;
    for (let below = level + 1; below < 9; below++) {
      const { restart, start } = levels[below]!;
      if (restart === undefined || (restart > 0 && level < restart)) counts[below] = start - 1;
    }
    const own = levels[level]!;
    if (own.format === "bullet") return { mark: "-", isBullet: true };
    if (own.format === "none" && !/%\d/.test(own.text))
      return own.text.trim() === "" ? undefined : { mark: own.text.trim(), isBullet: false };
    const mark = own.text.replace(/%(\d)/g, (_, digit: string) => {
      const at = Number(digit) - 1;
      const { format, start } = levels[at]!;
      // A level that was never used counts as begun.
      return formatNumber(Math.max(counts[at]!, start), own.isLegal ? "decimal" : format);
    });
    return mark.trim() === "" ? undefined : { mark: mark.trim(), isBullet: false };
  };
}

function readLevel(node: XmlNode | undefined, at: number): Level {
  const restart = valueOf(node, "lvlRestart");
  return {
    start: Number(valueOf(node, "start") ?? "1"),
    format: valueOf(node, "numFmt") ?? "decimal",
    text: valueOf(node, "lvlText") ?? (node ? "" : `%${at + 1}.`),
    isLegal: child(node, "isLgl") !== undefined,
    restart: restart === undefined ? undefined : Number(restart),
  };
}
