import { raised } from "../text/raised.ts";
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
  const name = node.localName ?? "";
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
      return href === "" || href.startsWith("#") ? undefined : link(href, textOf(node));
    }
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
    case "msup":
    case "mfrac":
      return math(node, textOf);
    default:
      return undefined;
  }
}

function inputText(node: HtmlNode): string {
  const type = attribute(node, "type").toLowerCase();
  if (/^(?:checkbox|radio)$/.test(type)) return node.getAttribute("checked") === null ? "" : "[x] ";
  return /^(?:|text|number|date|datetime-local|time|month|week|email|tel|url)$/.test(type)
    ? attribute(node, "value")
    : "";
}

function math(node: HtmlNode, textOf: (node: HtmlNode) => string): string {
  const [base = "", other = ""] = [...node.childNodes].filter(isElement).map((part) => textOf(part).trim());
  return `${base}${node.localName === "msup" ? "^" : "/"}${other}`;
}

const within = new Set([
  ...inlineElements,
  "math",
  "mi",
  "mn",
  "mo",
  "msup",
  "msub",
  "mrow",
  "mfrac",
  "msqrt",
  "mtext",
  "semantics",
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
  display === "" ? within.has(node.localName ?? "") : /^inline|contents/.test(display);

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
