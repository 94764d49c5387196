import { child, childrenOf, valueOf, type XmlNode } from "../text/read-xml.ts";

/** What a paragraph's style says of its place in the text, its parents' word included. */
export interface ParagraphStyle {
  /** 0 for the document's title, 1 to 9 for headings. */
  level?: number | undefined;
  isCaption: boolean;
  isCode: boolean;
  numbering: { id?: string | undefined; level?: number };
  /** Run properties, nearest first. */
  runs: XmlNode[];
}

/** Styles by id, each with what it takes from those it is based on. */
export function readStyles(root: XmlNode | undefined): (id: string | undefined) => ParagraphStyle {
  const nodes = new Map(childrenOf(root, "style").map((style) => [style.attributes["styleId"] ?? "", style]));
  const fallback = childrenOf(root, "style").find(
    ({ attributes }) =>
      attributes["type"] === "paragraph" && /^(?:1|true)$/.test(attributes["default"] ?? ""),
  );
  const known = new Map<string | undefined, ParagraphStyle>();
  const resolve = (id: string | undefined): ParagraphStyle => {
    const found = known.get(id);
    if (found) return found;
    const style: ParagraphStyle = { isCaption: false, isCode: false, numbering: {}, runs: [] };
    const seen = new Set<XmlNode>();
    let node = (id === undefined ? undefined : nodes.get(id)) ?? fallback;
    while (node && !seen.has(node)) {
      seen.add(node);
      const name = valueOf(node, "name") ?? "";
      const properties = child(node, "pPr");
      style.level ??= headingLevel(name, valueOf(properties, "outlineLvl"));
      style.isCaption ||= /^caption$/i.test(name);
      style.isCode ||= /^(?:html preformatted|code|source code|plain text|macro text)\b/i.test(name);
      const number = child(properties, "numPr");
      style.numbering.id ??= valueOf(number, "numId");
      const level = valueOf(number, "ilvl");
      if (level !== undefined) style.numbering.level ??= Number(level);
      const run = child(node, "rPr");
      if (run) style.runs.push(run);
      node = nodes.get(valueOf(node, "basedOn") ?? "");
    }
    known.set(id, style);
    return style;
  };
  return resolve;
}

function headingLevel(name: string, outline: string | undefined): number | undefined {
  if (/^title$/i.test(name)) return 0;
  const named = /^heading (\d)$/i.exec(name)?.[1];
  if (named !== undefined) return Number(named);
  return outlineLevel(outline);
}

/** Word counts levels from 0, and 9 is body text. */
export function outlineLevel(outline: string | undefined): number | undefined {
  const level = Number(outline ?? "9");
  return level >= 0 && level < 9 ? level + 1 : undefined;
}
