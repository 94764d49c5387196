import { requireText, titleFromName, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { child, descendants, elements, isOn, textOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { mainPart, openPackage, type Package, type Relation } from "./open-package.ts";
import { readChart } from "./pptx-chart.ts";
import { readDrawingTable, readParagraphs, type DrawingText } from "./drawing-text.ts";

/**
 * PowerPoint presentations (ECMA-376): a page for each slide, its title a heading, then its shapes in the order of the
 * file, tables and charts as tables, and the speaker's notes.
 */
export const parsePptx: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  const { path, root } = mainPart(opened, "ppt/presentation.xml");
  const relations = opened.relations(path);
  const out = new TextBuilder();
  let title = "";
  for (const [index, { attributes }] of elements(child(root, "sldIdLst")).entries()) {
    const target = relations.get(attributes["r:id"] ?? "")?.target;
    const slide = target === undefined ? undefined : opened.part(target);
    out.page();
    if (!slide || target === undefined) {
      out.warn(`Slide ${index + 1} could not be found in the file.`);
    } else if (/^(?:0|false)$/.test(slide.attributes["show"] ?? "") && !keepHidden) {
      out.warn(`The hidden slide ${index + 1} was left out: "${oneLine(allText(slide)).slice(0, 80)}".`);
    } else {
      const found = writeSlide(slide, index + 1, opened, opened.relations(target), out, title !== "");
      if (title === "") title = found;
    }
  }
  return requireText(out.finish(title === "" ? titleFromName(name) : title));
};

const allText = (node: XmlNode): string => [...descendants(node, "t")].map(textOf).join(" ");

/** Returns the slide's title where it may be the presentation's. */
function writeSlide(
  slide: XmlNode,
  number: number,
  opened: Package,
  relations: Map<string, Relation>,
  out: TextBuilder,
  isTitled: boolean,
): string {
  const shapes = flatShapes(child(child(slide, "cSld"), "spTree"));
  const titleShape = shapes.find((shape) => /^(?:title|ctrTitle)$/.test(placeholder(shape) ?? ""));
  const context = (rels: Map<string, Relation>): DrawingText => ({
    relations: rels,
    link: (href, text) => out.link(href, text),
    warn: (message) => out.warn(message),
  });
  const own = context(relations);
  const title = titleShape
    ? readParagraphs(child(titleShape, "txBody"), own, false)
        .map(({ text }) => text)
        .join(" ")
    : "";
  const isCentred = titleShape !== undefined && placeholder(titleShape) === "ctrTitle";
  // Without a heading of its own, a slide would be part of the one before.
  out.heading(isCentred && !isTitled ? 1 : 2, title.trim() === "" ? `Slide ${number}` : title);
  for (const shape of shapes) if (shape !== titleShape) writeShape(shape, opened, relations, own, out);
  const notesPath = [...relations.values()].find(({ type }) => type === "notesSlide")?.target;
  const notes = notesPath === undefined ? undefined : opened.part(notesPath);
  for (const shape of flatShapes(child(child(notes, "cSld"), "spTree"))) {
    if (placeholder(shape) !== "body") continue;
    const text = readParagraphs(child(shape, "txBody"), context(opened.relations(notesPath!)), false)
      .map(({ text }) => text)
      .join("\n");
    if (text.trim() !== "") out.block(`Notes: ${text}`);
  }
  return isCentred || number === 1 ? oneLine(title) : "";
}

/** What a layout keeps a place for: "title", "body", "sldNum"; undefined for a shape of its own. */
function placeholder(shape: XmlNode): string | undefined {
  for (const part of elements(shape)) {
    const found = part.name.startsWith("nv") ? child(child(part, "nvPr"), "ph") : undefined;
    if (found) return found.attributes["type"] ?? "body";
  }
  return undefined;
}

/** Groups opened, in the order of the file. */
function flatShapes(tree: XmlNode | undefined): XmlNode[] {
  return elements(tree).flatMap((shape) => {
    if (shape.name === "grpSp") return flatShapes(shape);
    if (shape.name === "AlternateContent")
      return flatShapes(child(shape, "Choice") ?? child(shape, "Fallback"));
    return /^(?:sp|pic|graphicFrame|cxnSp)$/.test(shape.name) ? [shape] : [];
  });
}

function writeShape(
  shape: XmlNode,
  opened: Package,
  relations: Map<string, Relation>,
  context: DrawingText,
  out: TextBuilder,
): void {
  const kind = placeholder(shape);
  const properties = elements(shape)
    .map((part) => child(part, "cNvPr"))
    .find(Boolean);
  if (isOn(properties, "hidden") || properties?.attributes["hidden"] === "1") {
    const text = oneLine(allText(shape));
    if (text !== "") out.warn(`A hidden shape was left out: "${text.slice(0, 80)}".`);
    return;
  }
  if (kind === "sldNum" || kind === "dt") return;
  if (kind === "ftr") {
    const text = oneLine(allText(shape));
    if (text !== "") out.warn(`The slides' footer was left out: "${text.slice(0, 80)}".`);
    return;
  }
  const isBody = kind === "body" || kind === "obj" || kind === "subTitle";
  const paragraphs = readParagraphs(child(shape, "txBody"), context, isBody && kind !== "subTitle");
  for (const [index, { text, mark, level }] of paragraphs.entries()) {
    if (mark === "") out.block(text, index > 0);
    else out.item("  ".repeat(level) + mark, text);
  }
  for (const table of descendants(shape, "tbl")) out.table(readDrawingTable(table, context));
  for (const data of descendants(shape, "graphicData")) {
    for (const reference of elements(data)) {
      const part = relations.get(reference.attributes["r:id"] ?? reference.attributes["r:dm"] ?? "");
      const content =
        part && !part.isExternal && part.target.endsWith("xml") ? opened.part(part.target) : undefined;
      if (content?.name === "chartSpace") out.table(readChart(content));
      else if (content?.name === "dataModel") {
        for (const point of descendants(content, "pt")) out.block(allText(point), true);
      }
    }
  }
  const description = properties?.attributes["descr"] ?? "";
  if (shape.name === "pic" && description.trim() !== "") out.block(description);
}
