import { oneLine } from "../text/clean-text.ts";
import { child, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import { readParagraphs } from "./drawing-text.ts";
import type { Package, Relation } from "./open-package.ts";
import { readChart } from "./pptx-chart.ts";

/** What lies over a sheet: text boxes and charts are read; remarks and the lines of its printed edges are told. */
export function writeSurroundings(
  sheet: XmlNode,
  opened: Package,
  relations: Map<string, Relation>,
  out: TextBuilder,
): void {
  const related = (type: string): { path: string; root: XmlNode }[] =>
    [...relations.values()].flatMap((each) => {
      const root = each.type === type && !each.isExternal ? opened.part(each.target) : undefined;
      return root ? [{ path: each.target, root }] : [];
    });
  for (const { path, root } of related("drawing")) writeDrawing(root, opened, opened.relations(path), out);
  const remarks = [
    ...related("threadedComment").flatMap(({ root }) => elements(root).map(textOf)),
    ...related("comments").flatMap(({ root }) => [...descendants(root, "comment")].map(textOf)),
  ];
  // A thread is written a second time for programs that know none.
  for (const remark of remarks.map(oneLine))
    if (remark !== "" && !remark.startsWith("[Threaded comment]"))
      out.warn(`A comment was left out: "${remark.slice(0, 80)}".`);
  for (const edge of elements(child(sheet, "headerFooter"))) {
    // Codes: &L left, &P page, &"Arial,Bold" font, &12 size.
    const text = oneLine(textOf(edge).replace(/&(?:"[^"]*"|\d+|K[\dA-F]{6}|[A-Z])/gi, " "));
    if (/\p{L}/u.test(text)) out.warn(`A page header or footer was left out: "${text.slice(0, 80)}".`);
  }
}

function writeDrawing(
  drawing: XmlNode,
  opened: Package,
  relations: Map<string, Relation>,
  out: TextBuilder,
): void {
  const context = {
    relations,
    link: (href: string, text: string) => out.link(href, text),
    warn: (message: string) => out.warn(message),
  };
  for (const body of descendants(drawing, "txBody")) {
    for (const [index, { text, mark }] of readParagraphs(body, context, false).entries())
      out.block(mark + text, index > 0);
  }
  for (const data of descendants(drawing, "graphicData")) {
    for (const { attributes } of elements(data)) {
      const target = relations.get(attributes["r:id"] ?? "")?.target;
      const chart = target?.endsWith("xml") ? opened.part(target) : undefined;
      if (chart?.name === "chartSpace") out.table(readChart(chart));
    }
  }
  for (const picture of descendants(drawing, "pic")) {
    const { descr } = child(child(picture, "nvPicPr"), "cNvPr")?.attributes ?? {};
    if (descr !== undefined) out.block(descr);
  }
}
