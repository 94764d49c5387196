import { oneLine } from "../text/clean-text.ts";
import { raised } from "../text/raised.ts";
import { child, descendants, elements, isOn, textOf, valueOf, type XmlNode } from "../text/read-xml.ts";
import { ommlText } from "./omml.ts";
import type { Relation } from "./open-package.ts";

export interface DocxInline {
  relations: Map<string, Relation>;
  link: (href: string, text: string) => string;
  warn: (message: string) => void;
  keepHidden: boolean;
  /** A note that the text refers to: gives its mark. */
  note: (kind: "footnote" | "endnote", id: string) => string;
  /** A text box within the line: its paragraphs come after. */
  box: (content: XmlNode) => void;
}

/** The text of a paragraph's runs. `styles` are the run properties of its style, nearest first. */
export function readRuns(paragraph: XmlNode, styles: XmlNode[], context: DocxInline): string {
  let text = "";
  /** Of fields under way: whether its instruction is over. */
  const fields: boolean[] = [];
  const isInstruction = (): boolean => fields.includes(false);

  const visit = (node: XmlNode): void => {
    switch (node.name) {
      case "r":
        return visitRun(node);
      case "del":
      case "moveFrom":
        return void lost("Deleted text", textIn(node));
      case "hyperlink": {
        const before = text;
        text = "";
        visitAll(node);
        const target = context.relations.get(node.attributes["r:id"] ?? node.attributes["id"] ?? "");
        text = before + (target?.isExternal ? context.link(target.target, text) : text);
        return;
      }
      case "oMath":
        text += ommlText(node);
        return;
      case "AlternateContent": {
        const choice = child(node, "Choice");
        const fallback = child(node, "Fallback");
        visitAll(choice && (hasText(choice) || !fallback) ? choice : (fallback ?? node));
        return;
      }
      case "pPr":
      case "sdtPr":
      case "sdtEndPr":
      case "rPr":
        return;
      default:
        visitAll(node);
    }
  };
  const visitAll = (node: XmlNode): void => elements(node).forEach(visit);

  const lost = (what: string, words: string): void => {
    const shown = words.replace(/\s+/g, " ").trim();
    if (shown !== "") context.warn(`${what} was left out: "${shown.slice(0, 80)}".`);
  };

  const visitRun = (run: XmlNode): void => {
    const before = text;
    text = "";
    for (const part of elements(run)) visitPart(part);
    const own = text;
    text = before;
    const look = lookOf([child(run, "rPr"), ...styles]);
    if (look.isStruck) lost("Struck-out text", own);
    else if (look.hidden !== undefined && !context.keepHidden) lost(`Hidden text (${look.hidden})`, own);
    else text += look.isRaised ? raised(before, own) : own;
  };

  const visitPart = (part: XmlNode): void => {
    switch (part.name) {
      case "t":
        if (!isInstruction()) text += textOf(part);
        return;
      case "tab":
      case "ptab":
        text += "\t";
        return;
      case "br":
      case "cr":
        text += "\n";
        return;
      case "noBreakHyphen":
        text += "-";
        return;
      case "sym":
        text += symbol(part);
        return;
      case "fldChar": {
        const type = part.attributes["fldCharType"];
        if (type === "begin") fields.push(false);
        else if (type === "separate" && fields.length > 0) fields[fields.length - 1] = true;
        else if (type === "end") fields.pop();
        for (const box of descendants(child(part, "ffData"), "checkBox"))
          text += isOn(box, "checked") || (!child(box, "checked") && isOn(box, "default")) ? "[x] " : "[ ] ";
        return;
      }
      case "footnoteReference":
      case "endnoteReference":
        text += context.note(
          part.name.startsWith("foot") ? "footnote" : "endnote",
          part.attributes["id"] ?? "",
        );
        return;
      case "drawing":
      case "pict":
      case "object":
        return visitDrawing(part);
      case "AlternateContent":
        return visitPart(chosen(part));
      case "Choice":
      case "Fallback":
      case "ruby": {
        const reading = oneLine(textIn(child(part, "rt") ?? part));
        visitPart(child(part, "rubyBase") ?? part);
        if (reading !== "" && child(part, "rt")) text += `(${reading})`;
        return;
      }
      case "rubyBase":
        for (const inner of elements(part))
          if (inner.name === "r") visitRun(inner);
          else visitPart(inner);
        return;
      default:
        return;
    }
  };

  const visitDrawing = (drawing: XmlNode): void => {
    const boxes = [...descendants(drawing, "txbxContent")];
    boxes.forEach(context.box);
    if (boxes.length > 0) return;
    const described = [...descendants(drawing, "docPr"), ...descendants(drawing, "shape")]
      .map(({ attributes }) => attributes["descr"] ?? attributes["alt"] ?? "")
      .find((words) => words.trim() !== "");
    if (described !== undefined) text += ` ${described.trim()} `;
  };

  visitAll(paragraph);
  return text;
}

const hasText = (node: XmlNode): boolean =>
  !descendants(node, "txbxContent").next().done || textOf(node).trim() !== "";

function chosen(alternate: XmlNode): XmlNode {
  const choice = child(alternate, "Choice");
  const fallback = child(alternate, "Fallback");
  return choice && (hasText(choice) || !fallback) ? choice : (fallback ?? alternate);
}

interface Look {
  isStruck: boolean;
  isRaised: boolean;
  hidden: string | undefined;
}

function lookOf(properties: (XmlNode | undefined)[]): Look {
  const first = (name: string): XmlNode | undefined =>
    properties.find((each) => child(each, name) !== undefined);
  const color = valueOf(first("color"), "color")?.toLowerCase();
  const shading = child(first("shd"), "shd")?.attributes["fill"]?.toLowerCase() ?? "auto";
  const marked = valueOf(first("highlight"), "highlight");
  const size = Number(valueOf(first("sz"), "sz") ?? "20");
  const isWhite =
    color === "ffffff" && /^(?:auto|ffffff)$/.test(shading) && (marked === undefined || marked === "white");
  const hidden = isOn(first("vanish"), "vanish")
    ? "marked as hidden"
    : isWhite
      ? "white on white"
      : size <= 3
        ? "too small to be read"
        : undefined;
  return {
    isStruck: isOn(first("strike"), "strike") || isOn(first("dstrike"), "dstrike"),
    isRaised: valueOf(first("vertAlign"), "vertAlign") === "superscript",
    hidden,
  };
}

/** What stood in a deleted stretch. */
function textIn(node: XmlNode): string {
  return [...descendants(node, "delText"), ...descendants(node, "t")].map(textOf).join("");
}

/** A character of a font of symbols. Those of the private area are none to anyone else; ticks and boxes are told. */
function symbol({ attributes }: XmlNode): string {
  const code = Number.parseInt(attributes["char"] ?? "", 16) || 0;
  if (code >= 0xf000 && code <= 0xf0ff) {
    const known: Record<number, string> = {
      0xf0fe: "[x]",
      0xf052: "[x]",
      0xf0a8: "[ ]",
      0xf06f: "[ ]",
      0xf0fc: "✓",
      0xf0fb: "✗",
      0xf0e0: "→",
      0xf0b7: "•",
    };
    return known[code] ?? "";
  }
  return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
