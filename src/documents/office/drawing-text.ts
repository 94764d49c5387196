import { formatNumber } from "../text/list-mark.ts";
import { raised } from "../text/raised.ts";
import type { Table } from "../text/table.ts";
import { child, childrenOf, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import { ommlText } from "./omml.ts";
import type { Relation } from "./open-package.ts";

export interface DrawingText {
  relations: Map<string, Relation>;
  link: (href: string, text: string) => string;
  warn: (message: string) => void;
}

interface Paragraph {
  text: string;
  /** With the space behind it; empty where it is no list item. */
  mark: string;
  level: number;
}

/** The paragraphs of a text body in DrawingML; in a `isList` body they have bullets unless they say otherwise. */
export function readParagraphs(
  body: XmlNode | undefined,
  context: DrawingText,
  isList: boolean,
): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const counts: number[] = [];
  const all = childrenOf(body, "p");
  for (const paragraph of all) {
    const text = readRuns(paragraph, context).trim();
    if (text === "") continue;
    const properties = child(paragraph, "pPr");
    const level = Math.min(Number(properties?.attributes["lvl"] ?? 0) || 0, 8);
    const automatic = child(properties, "buAutoNum");
    counts.length = level + 1;
    if (automatic) {
      const type = automatic.attributes["type"] ?? "arabicPeriod";
      counts[level] = (counts[level] ?? (Number(automatic.attributes["startAt"] ?? 1) || 1) - 1) + 1;
      const number = formatNumber(counts[level], numberStyle(type));
      paragraphs.push({
        text,
        level,
        mark: type.endsWith("ParenBoth")
          ? `(${number}) `
          : type.endsWith("ParenR")
            ? `${number}) `
            : `${number}. `,
      });
      continue;
    }
    counts.length = level;
    const isItem =
      child(properties, "buChar") !== undefined || (isList && all.length > 1 && !child(properties, "buNone"));
    paragraphs.push({ text, level, mark: isItem ? "- " : "" });
  }
  return paragraphs;
}

function numberStyle(type: string): string {
  const [, letter = "", kind = ""] = /^(alpha|roman)(Lc|Uc)/.exec(type) ?? [];
  const style = letter === "alpha" ? "a" : letter === "roman" ? "i" : "1";
  return kind === "Uc" ? style.toUpperCase() : style;
}

function readRuns(paragraph: XmlNode, context: DrawingText): string {
  let text = "";
  for (const run of elements(paragraph)) {
    if (run.name === "br") text += "\n";
    else if (run.name === "r" || run.name === "fld") {
      const words = textOf(child(run, "t"));
      const properties = child(run, "rPr");
      const { strike = "noStrike", baseline = "0" } = properties?.attributes ?? {};
      const link = context.relations.get(child(properties, "hlinkClick")?.attributes["r:id"] ?? "");
      if (strike !== "noStrike") context.warn(`Struck-out text was left out: "${words.slice(0, 80)}".`);
      else if (Number.parseInt(baseline, 10) > 0) text += raised(text, words);
      else text += link?.isExternal ? context.link(link.target, words) : words;
    } else if (run.name === "m" || run.name === "AlternateContent") {
      // A formula; beside it, for programs that know none, a picture.
      text += [...descendants(child(run, "Choice") ?? run, "oMath")].map(ommlText).join(" ");
    }
  }
  return text;
}

/** Merged cells are filled with what they are merged with. */
export function readDrawingTable(table: XmlNode, context: DrawingText): Table {
  const rows: string[][] = [];
  for (const row of childrenOf(table, "tr")) {
    const cells: string[] = [];
    for (const cell of childrenOf(row, "tc")) {
      const { hMerge, vMerge } = cell.attributes;
      if (vMerge === "1" || vMerge === "true") cells.push(rows.at(-1)?.[cells.length] ?? "");
      else if (hMerge === "1" || hMerge === "true") cells.push(cells.at(-1) ?? "");
      else
        cells.push(
          readParagraphs(child(cell, "txBody"), context, false)
            .map(({ text, mark }) => mark + text)
            .join(" "),
        );
    }
    rows.push(cells);
  }
  const isHeaded = /^(?:1|true)$/.test(child(table, "tblPr")?.attributes["firstRow"] ?? "");
  return { rows, ...(isHeaded && rows.length > 1 && { headRows: 1 }) };
}
