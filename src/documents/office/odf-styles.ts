import { child, childrenOf, descendants, elements, type XmlNode } from "../text/read-xml.ts";

export interface OdfLevel {
  /** How its numbers are written; undefined for bullets. */
  format: string | undefined;
  start: number;
  prefix: string;
  suffix: string;
  displayLevels: number;
}

export interface OdfStyles {
  /** By list style: its levels from 0. */
  lists: Map<string, OdfLevel[]>;
  /** Of headings, by their level from 1. */
  outline: (OdfLevel | undefined)[];
  isTitle: (style: string | undefined) => boolean;
  /** A property of text, from the style or what it is based on. */
  textProperty: (style: string | undefined, property: string) => string | undefined;
  /** Whether a table of this style is not shown. */
  isHiddenTable: (style: string | undefined) => boolean;
}

export function readOdfStyles(roots: (XmlNode | undefined)[]): OdfStyles {
  const styles = new Map<string, XmlNode>();
  const lists = new Map<string, OdfLevel[]>();
  const outline: (OdfLevel | undefined)[] = [];
  for (const root of roots) {
    for (const part of ["styles", "automatic-styles"].map((name) => child(root, name))) {
      for (const style of childrenOf(part, "style")) styles.set(style.attributes["style:name"] ?? "", style);
      for (const list of childrenOf(part, "list-style")) {
        lists.set(list.attributes["style:name"] ?? "", elements(list).map(readLevel));
      }
    }
    for (const levels of descendants(root, "outline-style")) {
      for (const [index, level] of elements(levels).entries()) outline[index + 1] = readLevel(level);
    }
  }
  const chain = function* (name: string | undefined): Generator<[string, XmlNode]> {
    const seen = new Set<string>();
    for (let at = name; at !== undefined && !seen.has(at);) {
      seen.add(at);
      const style = styles.get(at);
      if (!style) return;
      yield [at, style];
      at = style.attributes["parent-style-name"];
    }
  };
  return {
    lists,
    outline,
    isTitle: (style) =>
      style === "Title" ||
      [...chain(style)].some(
        ([name, { attributes }]) => name === "Title" || attributes["parent-style-name"] === "Title",
      ),
    textProperty: (style, property) => {
      for (const [, node] of chain(style)) {
        const found = child(node, "text-properties")?.attributes[property];
        if (found !== undefined) return found;
      }
      return undefined;
    },
    isHiddenTable: (style) =>
      [...chain(style)].some(
        ([, node]) => child(node, "table-properties")?.attributes["table:display"] === "false",
      ),
  };
}

function readLevel({ name, attributes }: XmlNode): OdfLevel {
  const format = attributes["num-format"];
  return {
    format: name === "list-level-style-bullet" || !format ? undefined : format,
    start: Number(attributes["start-value"] ?? 1) || 1,
    prefix: attributes["num-prefix"] ?? "",
    suffix: attributes["num-suffix"] ?? "",
    displayLevels: Number(attributes["display-levels"] ?? 1) || 1,
  };
}
