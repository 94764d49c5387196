import { mathmlText } from "../text/mathml.ts";
import { raised } from "../text/raised.ts";
import type { XmlNode } from "../text/read-xml.ts";
import { inlineElements } from "./html-elements.ts";
import { attribute, isElement, isText, silentElements, type HtmlNode } from "./html-node.ts";

/** What reading an element within a line gives, for a writer of lines to place. */
export interface InlineReader {
  link: (href: string, text: string) => string;
  warn: (message: string) => void;
}

const struck = new Set(["del", "s", "strike"]);

/**
 * What an element says in place of its children's text; undefined where it is read by its children. Raised figures
 * keep their place, struck text goes, a picture is its description, a field of a form is its value.
 */
export function inlineText(
  node: HtmlNode,
  before: string,
  textOf: (node: HtmlNode) => string,
  { link, warn }: InlineReader,
): string | undefined {
  const name = nameOf(node);
  if (struck.has(name)) {
    const text = textOf(node).trim();
    if (text !== "") warn(`Struck-out text was left out: "${text.slice(0, 80)}".`);
    return "";
  }
  switch (name) {
    case "sup":
      return raised(before, textOf(node), node.querySelector("a[href^='#']") !== null);
    case "a": {
      const href = attribute(node, "href").trim();
      if (href === "" || href.startsWith("#")) return ownAnchor(node);
      // A card that is a link as a whole: what it holds is read for what it is.
      if (node.querySelector("h1,h2,h3,h4,h5,h6,table,ul,ol") !== null) return undefined;
      return isNoteReference(node) ? `[${textOf(node).trim()}]` : link(href, textOf(node));
    }
    case "ruby":
      return rubyText(node, textOf);
    case "img":
      return attribute(node, "alt");
    case "q":
      return `“${textOf(node)}”`;
    case "wbr":
      return "";
    case "input":
      return inputText(node);
    case "select":
      return [...node.querySelectorAll("option[selected]")].map(textOf).join(", ");
    case "math":
      return mathmlText(toXml(node));
    default:
      return undefined;
  }
}

const isNoteReference = (node: HtmlNode): boolean =>
  /noteref/.test(`${attribute(node, "role")} ${attribute(node, "epub:type")}`);

/** A link within the page: the mark of a note, or of a heading's own address, which is no text. */
function ownAnchor(node: HtmlNode): string | undefined {
  const text = (node.textContent ?? "").trim();
  if (/^[¶#§🔗]$/u.test(text)) return "";
  return isNoteReference(node) && /^[\p{L}\p{N}*†‡]{1,4}$/u.test(text) ? `[${text}]` : undefined;
}

/**
 * Characters with their reading in brackets. Rubies side by side are one word, so that it is found: all their characters,
 * then all their readings.
 */
function rubyText(node: HtmlNode, textOf: (node: HtmlNode) => string): string {
  if (node.previousSibling?.localName === "ruby") return "";
  let [word, reading] = ["", ""];
  for (let ruby: HtmlNode | null = node; ruby?.localName === "ruby"; ruby = ruby.nextSibling) {
    for (const part of ruby.childNodes) {
      if (/^(?:rt|rtc)$/.test(part.localName ?? "")) reading += textOf(part).trim();
      else if (part.localName !== "rp")
        word += isText(part) ? (part.textContent ?? "").trim() : textOf(part).trim();
    }
  }
  return reading === "" ? word : `${word}(${reading})`;
}

function inputText(node: HtmlNode): string {
  const type = attribute(node, "type").toLowerCase();
  if (/^(?:checkbox|radio)$/.test(type)) return node.getAttribute("checked") === null ? "" : "[x] ";
  return /^(?:|text|number|date|datetime-local|time|month|week|email|tel|url)$/.test(type)
    ? attribute(node, "value")
    : "";
}

/** What attributes of a formula's parts mean something. */
const mathAttributes = ["open", "close", "separators", "linethickness", "alttext"];

/** Formulas are XML wherever they stand. Their names may have a prefix. */
function toXml(node: HtmlNode): XmlNode {
  const attributes: Record<string, string> = {};
  for (const name of mathAttributes) {
    const value = node.getAttribute(name);
    if (value !== null) attributes[name] = value;
  }
  const children = [...node.childNodes].flatMap((part): (string | XmlNode)[] =>
    isText(part) ? [part.textContent ?? ""] : isElement(part) ? [toXml(part)] : [],
  );
  return { name: nameOf(node), attributes, children };
}

const nameOf = (node: HtmlNode): string => (node.localName ?? "").replace(/^(?:m|mml):/, "");

const within = new Set([
  ...inlineElements,
  "math",
  "input",
  "select",
  "label",
  "textarea",
  "picture",
  "rt",
  "ruby",
  "rb",
  "output",
  "slot",
]);

/** Whether an element stands within a line. */
export const isInline = (node: HtmlNode, display: string): boolean =>
  display === "" ? within.has(nameOf(node)) : /^inline|contents/.test(display);

/** The text of `node` in one line: a space stands for each line break and at each block's start and end. */
export function flatText(node: HtmlNode, reader: InlineReader): string {
  const collect = (part: HtmlNode, before: string): string => {
    if (isText(part)) return part.textContent ?? "";
    if (!isElement(part) || silentElements.has(part.localName ?? "")) return "";
    const own = inlineText(part, before, (inner) => children(inner, before), reader);
    if (own !== undefined) return own;
    const text = children(part, before);
    return isInline(part, "") ? text : ` ${text} `;
  };
  const children = (part: HtmlNode, before: string): string => {
    let text = "";
    for (const child of part.childNodes) text += collect(child, text === "" ? before : text);
    return text;
  };
  return children(node, "").replace(/\s+/g, " ").trim();
}
