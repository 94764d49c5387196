import { mathmlText } from "../text/mathml.ts";
import { raised } from "../text/raised.ts";
import { child, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import type { OdfStyles } from "./odf-styles.ts";

export interface OdfContext {
  styles: OdfStyles;
  keepHidden: boolean;
  link: (href: string, text: string) => string;
  warn: (message: string) => void;
  /** A note that the text refers to: gives its mark. */
  note: (content: XmlNode) => string;
  /** The content of an object that is embedded under this address. */
  object: (href: string) => XmlNode | undefined;
}

/** The text of a paragraph. White space in XML counts once; what is meant as more has elements of its own. */
export function readOdfInline(paragraph: XmlNode, context: OdfContext): string {
  const { styles, warn } = context;
  let text = "";
  const visit = (node: XmlNode): void => {
    for (const each of node.children) {
      if (typeof each === "string") text += each.replace(/[ \t\r\n]+/g, " ");
      else visitElement(each);
    }
  };
  const visitElement = (node: XmlNode): void => {
    switch (node.name) {
      case "s":
        text += " ".repeat(Math.min(Number(node.attributes["c"] ?? 1) || 1, 100));
        return;
      case "tab":
        text += "\t";
        return;
      case "line-break":
        text += "\n";
        return;
      case "span":
        return visitSpan(node);
      case "a": {
        const before = text;
        text = "";
        visit(node);
        text = before + context.link(node.attributes["href"] ?? "", text);
        return;
      }
      case "note":
        text += context.note(child(node, "note-body") ?? node);
        return;
      case "annotation": {
        const words = elements(node)
          .filter(({ name }) => name === "p")
          .map(textOf)
          .join(" ");
        if (words.trim() !== "") warn(`A comment was left out: "${words.slice(0, 80)}".`);
        return;
      }
      case "hidden-text":
        return warn(`Hidden text was left out: "${textOf(node).slice(0, 80)}".`);
      case "math":
        text += mathmlText(node);
        return;
      case "frame": {
        const formula = elements(node)
          .filter(({ name }) => name === "object")
          .map((object) => child(object, "math") ?? context.object(object.attributes["href"] ?? ""))
          .find((content) => content?.name === "math");
        if (formula) {
          text += mathmlText(formula);
          return;
        }
        // Its text stands after the paragraph; a picture is its description.
        const words = textOf(child(node, "desc")) || textOf(child(node, "title"));
        if (words.trim() !== "") text += ` ${words} `;
        return;
      }
      case "bookmark":
      case "change":
        return;
      default:
        visit(node);
    }
  };
  const visitSpan = (node: XmlNode): void => {
    const before = text;
    text = "";
    visit(node);
    const own = text;
    text = before;
    const style = node.attributes["style-name"];
    const struck = styles.textProperty(style, "text-line-through-style") ?? "none";
    const position = styles.textProperty(style, "text-position") ?? "";
    const color = styles.textProperty(style, "fo:color") ?? "";
    const background = styles.textProperty(style, "fo:background-color") ?? "transparent";
    const isHidden =
      styles.textProperty(style, "text:display") === "none" ||
      (/^#ffffff$/i.test(color) && /^(?:transparent|#ffffff)$/i.test(background)) ||
      /^[01](?:\.\d+)?pt$/.test(styles.textProperty(style, "fo:font-size") ?? "");
    if (struck !== "none") warn(`Struck-out text was left out: "${own.slice(0, 80)}".`);
    else if (isHidden && !context.keepHidden) warn(`Hidden text was left out: "${own.slice(0, 80)}".`);
    else text += /^(?:super|[1-9])/.test(position) ? raised(before, own) : own;
  };
  visit(paragraph);
  return text;
}
