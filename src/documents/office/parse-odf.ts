import { requireText, titleFromName, topHeading, unusable, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { formatNumber, listMark, type List } from "../text/list-mark.ts";
import { child, descendants, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { readOdfInline, type OdfContext } from "./odf-inline.ts";
import { readOdfStyles } from "./odf-styles.ts";
import { readOdfTable } from "./odf-table.ts";
import { openPackage } from "./open-package.ts";
import { isNamedByProgram } from "./sheet.ts";

/** OpenDocument texts, and sheets and slides by the same elements: headings, lists, tables, notes. (OASIS ODF 1.3.) */
export const parseOdf: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  if (isEncrypted(opened.part("META-INF/manifest.xml"))) {
    throw unusable("LORAG_ENCRYPTED", "it is encrypted", "Save a copy without a password and use that.");
  }
  const root = opened.part("content.xml");
  const body = child(root, "body");
  if (!root || !body) {
    throw unusable(
      "LORAG_UNREADABLE",
      "its text (content.xml) is missing",
      "Open it in its own program and save it again.",
    );
  }
  const styles = readOdfStyles([opened.part("styles.xml"), root]);
  const out = new TextBuilder();
  const notes: string[] = [];
  const context: OdfContext = {
    styles,
    keepHidden,
    link: (href, text) => out.link(href, text),
    warn: (message) => out.warn(message),
    object: (href) => opened.part(`${href.replace(/^\.\//, "")}/content.xml`),
    note: (content) => {
      notes.push(inlineBlocks(content));
      return `[${notes.length}]`;
    },
  };
  const inline = (node: XmlNode): string => readOdfInline(node, context);
  const inlineBlocks = (node: XmlNode): string => {
    const parts: string[] = [];
    const collect = (each: XmlNode): void => {
      if (each.name === "p" || each.name === "h") parts.push(inline(each));
      else if (each.name === "annotation") inline({ ...node, children: [each] });
      else elements(each).forEach(collect);
    };
    elements(node).forEach(collect);
    return parts.join(" ");
  };
  const warnOfHidden = (text: string): void => {
    if (text.trim() !== "") out.warn(`A hidden row or column was left out: "${oneLine(text).slice(0, 80)}".`);
  };
  let title = "";
  const outline = Array.from({ length: 10 }, () => 0);

  const headingNumber = (level: number): string => {
    const own = styles.outline[level];
    outline[level]!++;
    outline.fill(0, level + 1);
    if (!own?.format) return "";
    const shown = outline.slice(Math.max(1, level - own.displayLevels + 1), level + 1);
    return `${own.prefix}${shown.map((count) => formatNumber(Math.max(1, count), own.format!)).join(".")}${own.suffix} `;
  };
  const visitList = (list: XmlNode, depth: number, inherited: string): void => {
    const style = list.attributes["style-name"] ?? inherited;
    const level = styles.lists.get(style)?.[depth];
    const own: List = {
      ordered: level?.format !== undefined,
      next: level?.start ?? 1,
      step: 1,
      style: level?.format ?? "1",
    };
    for (const item of elements(list)) {
      const start = Number.parseInt(item.attributes["start-value"] ?? "", 10);
      if (!Number.isNaN(start)) own.next = start;
      let mark = item.name === "list-header" ? "" : "  ".repeat(depth) + listMark(own);
      for (const part of elements(item)) {
        if (part.name === "list") visitList(part, depth + 1, style);
        else if (part.name === "h") visit(part);
        else if (part.name === "p") {
          if (mark === "") out.block(inline(part));
          else out.item(mark, inline(part));
          mark = "";
        } else visit(part);
      }
    }
  };
  const visit = (node: XmlNode): void => {
    switch (node.name) {
      case "h": {
        const level = Math.min(Number(node.attributes["outline-level"] ?? 1) || 1, 9);
        const text = inline(node);
        return text.trim() === "" ? undefined : out.heading(level, headingNumber(level) + text);
      }
      case "p": {
        const text = inline(node);
        if (styles.isTitle(node.attributes["style-name"]) && text.trim() !== "") {
          if (title === "") title = oneLine(text);
          return out.heading(1, text);
        }
        out.block(text);
        for (const box of descendants(node, "text-box")) elements(box).forEach(visit);
        return;
      }
      case "list":
        return visitList(node, 0, "");
      case "table": {
        const name = node.attributes["name"] ?? "";
        if (styles.isHiddenTable(node.attributes["style-name"]) && !keepHidden)
          return out.warn(`The hidden sheet "${name}" was left out.`);
        if (child(body, "spreadsheet")) {
          out.page();
          out.heading(1, name);
        }
        return out.table(readOdfTable(node, inlineBlocks, ...(keepHidden ? [] : [warnOfHidden])));
      }
      case "page":
        out.page();
        out.heading(2, slideTitle(node) || (node.attributes["name"] ?? ""));
        return elements(node).forEach(visit);
      case "frame":
        if (node.attributes["presentation:class"] === "title") return;
        return elements(node).forEach(visit);
      case "notes":
        for (const box of descendants(node, "text-box")) {
          const text = inlineBlocks(box);
          if (text.trim() !== "") out.block(`Notes: ${text}`);
        }
        return;
      case "tracked-changes": {
        const text = oneLine([...descendants(node, "deletion")].map(textOf).join(" "));
        if (text !== "") out.warn(`Deleted text was left out: "${text.slice(0, 80)}".`);
        return;
      }
      case "section":
        if (node.attributes["display"] === "none" && !keepHidden) {
          return out.warn(`Hidden text was left out: "${oneLine(textOf(node)).slice(0, 80)}".`);
        }
        return elements(node).forEach(visit);
      case "forms":
      case "sequence-decls":
      case "annotation":
        return;
      default:
        return elements(node).forEach(visit);
    }
  };
  const slideTitle = (page: XmlNode): string =>
    oneLine(
      [...descendants(page, "frame")]
        .filter(({ attributes }) => attributes["presentation:class"] === "title")
        .map(inlineBlocks)
        .join(" "),
    );

  elements(body).forEach((content) => elements(content).forEach(visit));
  for (const [index, note] of notes.entries()) out.block(`[${index + 1}] ${note}`, true);
  const parsed = out.finish(title);
  const top = topHeading(parsed.headings);
  const stated = top === undefined || isNamedByProgram(top) ? titleFromName(name) : top;
  return requireText({ ...parsed, title: title || stated });
};

function isEncrypted(manifest: XmlNode | undefined): boolean {
  return [...descendants(manifest, "encryption-data")].length > 0;
}
