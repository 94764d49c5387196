import { requireText, titleFromName, topHeading, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { child, childrenOf, elements, valueOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { findBoldHeadings } from "./bold-headings.ts";
import { readRuns, type DocxInline } from "./docx-inline.ts";
import { createNumbering } from "./docx-numbering.ts";
import { outlineLevel, readStyles } from "./docx-styles.ts";
import { readDocxTable } from "./docx-table.ts";
import { mainPart, openPackage } from "./open-package.ts";

/**
 * Word documents (ECMA-376): headings by their styles and what those are based on, with automatic numbers; lists with
 * their marks; tables with merged cells filled in; notes at the end. What is deleted, struck out or hidden goes.
 */
export const parseDocx: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  const { path, root } = mainPart(opened, "word/document.xml");
  const relations = opened.relations(path);
  const related = (type: string): XmlNode | undefined => {
    const found = [...relations.values()].find((each) => each.type === type && !each.isExternal);
    return found && opened.part(found.target);
  };
  const out = new TextBuilder();
  const styleOf = readStyles(related("styles"));
  const numberOf = createNumbering(related("numbering"));
  const notes: { mark: string; content: XmlNode }[] = [];
  const noteParts = { footnote: related("footnotes"), endnote: related("endnotes") };
  let boxes: XmlNode[] = [];
  const context: DocxInline = {
    relations,
    keepHidden,
    link: (href, text) => out.link(href, text),
    warn: (message) => out.warn(message),
    box: (content) => boxes.push(content),
    note: (kind, id) => {
      const content = elements(noteParts[kind]).find((each) => each.attributes["id"] === id);
      if (!content) return "";
      const mark = `[${notes.length + 1}]`;
      notes.push({ mark, content });
      return mark;
    },
  };
  const body = child(root, "body") ?? root;
  const boldHeadings = findBoldHeadings(body, styleOf);
  let title = "";
  let caption: string | undefined;
  const flushCaption = (): void => {
    if (caption !== undefined) out.block(caption);
    caption = undefined;
  };

  const readParagraph = (paragraph: XmlNode) => {
    const properties = child(paragraph, "pPr");
    const style = styleOf(valueOf(properties, "pStyle"));
    const text = readRuns(paragraph, style.runs, context);
    const level =
      outlineLevel(valueOf(properties, "outlineLvl")) ?? style.level ?? boldHeadings.get(paragraph);
    const own = child(properties, "numPr");
    const at = Number(valueOf(own, "ilvl") ?? style.numbering.level ?? Math.max(0, (level ?? 1) - 1));
    const number = text.trim() === "" ? undefined : numberOf(valueOf(own, "numId") ?? style.numbering.id, at);
    return { text, level, number, at, style };
  };
  const writeParagraph = (paragraph: XmlNode): void => {
    const { text, level, number, at, style } = readParagraph(paragraph);
    const waiting = boxes;
    boxes = [];
    if (text.trim() !== "") flushCaption();
    const numbered = number && !number.isBullet ? `${number.mark} ${text.trim()}` : text;
    if (level !== undefined && text.trim() !== "") {
      out.heading(Math.max(1, level), numbered);
      if (level === 0 && title === "") title = text;
    } else if (number) out.item(`${"  ".repeat(at)}${number.mark} `, text.trim());
    else if (style.isCaption) caption = text;
    else if (style.isCode) out.code(text);
    else out.block(text);
    for (const box of waiting) writeBlocks(box);
  };
  const cellText = (cell: XmlNode): string => {
    const parts: string[] = [];
    const visit = (node: XmlNode): void => {
      if (node.name === "p") {
        const { text, number } = readParagraph(node);
        parts.push(number ? `${number.mark} ${text.trim()}` : text);
        boxes.splice(0).forEach(visit);
      } else if (!lostNames.has(node.name)) elements(node).forEach(visit);
    };
    elements(cell).forEach(visit);
    return parts.join(" ");
  };
  const writeTable = (table: XmlNode): void => {
    const cells = childrenOf(table, "tr").flatMap((row) => childrenOf(row, "tc"));
    const isLayout =
      cells.length === 1 ||
      cells.some((cell) =>
        childrenOf(cell, "p").some(
          (each) => styleOf(valueOf(child(each, "pPr"), "pStyle")).level !== undefined,
        ),
      );
    if (isLayout) {
      flushCaption();
      return cells.forEach(writeBlocks);
    }
    out.table({ ...readDocxTable(table, cellText), ...(caption !== undefined && { caption }) });
    caption = undefined;
  };
  const writeBlocks = (parent: XmlNode): void => {
    for (const node of elements(parent)) {
      if (node.name === "p") writeParagraph(node);
      else if (node.name === "tbl") writeTable(node);
      else if (node.name === "altChunk") out.warn("A document inside the document was not read.");
      else if (!lostNames.has(node.name)) writeBlocks(node);
    }
  };

  writeBlocks(body);
  flushCaption();
  for (const { mark, content } of notes) out.block(`${mark} ${cellText(content)}`, true);
  for (const { type, target } of relations.values()) {
    if (type !== "header" && type !== "footer" && type !== "comments") continue;
    const part = opened.part(target);
    const text = part ? oneLine(cellText(part)) : "";
    const what = { header: "A page header", footer: "A page footer", comments: "A comment" }[type];
    if (/\p{L}/u.test(text)) out.warn(`${what} was left out: "${text.slice(0, 80)}".`);
  }
  const parsed = out.finish(title);
  const heading = parsed.title === "" ? (topHeading(parsed.headings) ?? titleFromName(name)) : parsed.title;
  return requireText({ ...parsed, title: heading });
};

/** What holds no text of the document, or text that was taken out. */
const lostNames = new Set(["sectPr", "pPr", "tblPr", "tcPr", "sdtPr", "del", "moveFrom", "tblGrid"]);
