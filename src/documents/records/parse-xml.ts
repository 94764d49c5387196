import { requireText, titleFromName, unusable, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { listMark } from "../text/list-mark.ts";
import { mathmlText } from "../text/mathml.ts";
import { raised } from "../text/raised.ts";
import { descendants, elements, readXml, textOf, type XmlNode } from "../text/read-xml.ts";
import { spread, type Table } from "../text/table.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { decodeText } from "../text/text-encoding.ts";

/**
 * Any XML whose text is meant to be read: DITA, CNXML, DocBook, TEI, JATS, feeds. What they share is known by name:
 * titles of the elements they stand in are headings, lists and tables (CALS, HTML, DITA's simple ones) are such. An
 * element among text is part of its line, any other a block.
 */
export const parseXml: Parse = (bytes, name) => {
  const out = new TextBuilder();
  const declared = /^[^]{0,20}<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)["']/i.exec(
    Buffer.from(bytes.subarray(0, 300)).toString("latin1"),
  )?.[1];
  const source = decodeText(bytes, { declared, warn: (message) => out.warn(message) });
  const root = readXml(source.replace(/^\ufeff/, ""), name, { allowDoctype: true });
  if (!root) throw unusable("LORAG_UNREADABLE", "it has no root element", "Get the file again.");
  const title = writeXml(root, out);
  return requireText(out.finish(title === "" ? titleFromName(name) : title));
};

const titleNames = new Set(["title", "head", "heading", "article-title"]);
const itemNames = new Set(["item", "li", "listitem", "step", "substep", "list-item", "sli"]);
const orderedNames = new Set(["ol", "orderedlist", "steps", "substeps", "procedure"]);
const listNames = new Set([
  "list",
  "ul",
  "sl",
  "itemizedlist",
  "steps-unordered",
  "choices",
  ...orderedNames,
]);
const tableNames = new Set(["table", "informaltable", "simpletable", "properties", "choicetable", "tgroup"]);
const codeNames = new Set([
  "codeblock",
  "programlisting",
  "pre",
  "screen",
  "preformat",
  "msgblock",
  "lines",
  "eg",
]);
/** About the document, not in it. */
const silentNames = new Set([
  "metadata",
  "teiHeader",
  "prolog",
  "processing-meta",
  "journal-meta",
  "script",
  "style",
  "xmeta",
  "imagemap",
  "ref-list-meta",
  "featured-links",
  "link",
  "guid",
]);
/** Blocks, wherever they stand. */
const blockNames = new Set([
  "p",
  "para",
  "section",
  "note",
  "figure",
  "div",
  "ab",
  "lg",
  "example",
  "body",
  "content",
  ...listNames,
  ...tableNames,
  ...codeNames,
  ...itemNames,
]);

/** Returns the document's title. */
export function writeXml(root: XmlNode, out: TextBuilder): string {
  let title = "";
  let depth = 0;
  const inline = (node: XmlNode): string => inlineText(node, out);
  const visit = (node: XmlNode, marker: string, indent: number): void => {
    if (silentNames.has(node.name)) {
      const left = oneLine(textOf(node));
      if (left !== "" && node.name !== "link" && node.name !== "guid")
        out.warn(`What is about the document (${node.name}) was left out: "${left.slice(0, 80)}".`);
      return;
    }
    if (titleNames.has(node.name)) {
      const text = oneLine(inline(node));
      if (title === "" && out.length === 0) title = text;
      out.heading(Math.min(Math.max(1, depth), 6), text);
    } else if (tableNames.has(node.name)) out.table(readXmlTable(node, inline));
    else if (codeNames.has(node.name)) out.code(textOf(node));
    else if (listNames.has(node.name)) visitList(node, indent);
    else if (isMixed(node)) {
      if (marker === "") out.block(inline(node));
      else out.item(marker, inline(node));
    } else {
      const isSection = elements(node).some(({ name }) => titleNames.has(name));
      if (isSection) depth++;
      let next = marker;
      for (const child of elements(node)) {
        visit(child, next, indent);
        next = "";
      }
      if (isSection) depth--;
    }
  };
  const visitList = (list: XmlNode, indent: number): void => {
    const kind = `${list.attributes["list-type"] ?? list.attributes["type"] ?? list.attributes["rend"] ?? ""}`;
    const state = {
      ordered: orderedNames.has(list.name) || /enumerated|order|numbered/.test(kind),
      next: Number.parseInt(list.attributes["start-value"] ?? list.attributes["start"] ?? "1", 10) || 1,
      step: 1,
      style: list.attributes["number-style"] ?? list.attributes["numeration"] ?? "",
    };
    for (const item of elements(list)) {
      if (itemNames.has(item.name)) visit(item, `${"  ".repeat(indent)}${listMark(state)}`, indent + 1);
      else visit(item, "", indent);
    }
  };
  visit(root, "", 0);
  return title;
}

/** Formulas, as one or in several forms. */
const formNames = new Set(["math", "alternatives"]);

/** Text stands in it, or a formula, and no block among the text. */
function isMixed(node: XmlNode): boolean {
  if (elements(node).some(({ name }) => formNames.has(name))) return true;
  const hasText = node.children.some((each) => typeof each === "string" && each.trim() !== "");
  return hasText && !elements(node).some(({ name }) => blockNames.has(name) && name !== "list");
}

const raisedNames = new Set(["sup", "superscript"]);

function inlineText(node: XmlNode, out: TextBuilder): string {
  let text = "";
  for (const each of node.children) {
    if (typeof each === "string") text += each;
    else if (raisedNames.has(each.name) || /super/.test(each.attributes["rend"] ?? ""))
      text += raised(text, inlineText(each, out));
    else if (each.name === "del")
      out.warn(`Struck-out text was left out: "${oneLine(textOf(each)).slice(0, 80)}".`);
    else if (each.name === "lb" || each.name === "br" || each.name === "newline") text += "\n";
    else if (each.name === "math") text += mathmlText(each);
    else if (each.name === "alternatives") text += inlineText(pickForm(each), out);
    else {
      const href = each.attributes["href"] ?? each.attributes["url"] ?? each.attributes["target"] ?? "";
      const inner = inlineText(each, out);
      text += /^https?:/.test(href) ? out.link(href, inner) : inner;
    }
  }
  // Line ends in XML are only where an editor broke the line; an element that means one is kept.
  return text.replace(/[ \t]*\n[ \t]*/g, (found) => (found === "\n" ? "\n" : " "));
}

/** Of several forms of one thing, the formula in MathML, else the first. */
function pickForm(alternatives: XmlNode): XmlNode {
  const forms = elements(alternatives);
  const form = forms.find(({ name }) => name === "math") ?? forms[0];
  return { ...alternatives, children: form ? [form] : [] };
}

function readXmlTable(table: XmlNode, cellText: (cell: XmlNode) => string): Table {
  const caption = elements(table).filter(
    ({ name }) => name === "title" || name === "caption" || name === "head" || name === "label",
  );
  const rowNames = new Set(["row", "tr", "strow", "sthead", "property", "prophead", "chrow", "chhead"]);
  const rows: XmlNode[] = [];
  const heads = new Set<XmlNode>();
  const visit = (node: XmlNode, isHead: boolean): void => {
    for (const each of elements(node)) {
      if (rowNames.has(each.name)) {
        rows.push(each);
        const cells = elements(each);
        if (
          isHead ||
          each.name.endsWith("head") ||
          each.attributes["role"] === "label" ||
          (cells.length > 0 && cells.every(({ name }) => name === "th"))
        )
          heads.add(each);
      } else visit(each, isHead || each.name === "thead");
    }
  };
  visit(table, false);
  const columns = [...descendants(table, "colspec")].map(({ attributes }) => attributes["colname"] ?? "");
  const width = ({ attributes }: XmlNode): number => {
    const [from, to] = [
      columns.indexOf(attributes["namest"] ?? "\0"),
      columns.indexOf(attributes["nameend"] ?? "\0"),
    ];
    if (from >= 0 && to > from) return to - from + 1;
    return Number.parseInt(attributes["colspan"] ?? attributes["cols"] ?? "1", 10) || 1;
  };
  const height = ({ attributes }: XmlNode): number =>
    Number.parseInt(attributes["morerows"] ?? "", 10) + 1 ||
    Number.parseInt(attributes["rowspan"] ?? attributes["rows"] ?? "1", 10) ||
    1;
  const cells = spread(
    rows.map((row) =>
      elements(row).map((cell) => ({ text: cellText(cell), rowSpan: height(cell), columnSpan: width(cell) })),
    ),
  );
  const headRows = rows.findIndex((row) => !heads.has(row));
  return {
    caption: caption.map(cellText).join(" "),
    rows: cells,
    ...(headRows > 0 && { headRows }),
  };
}
