import { parseHTML } from "linkedom";

/** As much of the DOM as is needed here; linkedom's nodes have it. */
export interface HtmlNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<HtmlNode>;
  parentNode: HtmlNode | null;
  querySelector(selector: string): HtmlNode | null;
  querySelectorAll(selector: string): Iterable<HtmlNode>;
  getAttribute(name: string): string | null;
  closest(selector: string): HtmlNode | null;
  remove(): void;
}

export const isText = (node: HtmlNode): boolean => node.nodeType === 3;
export const isElement = (node: HtmlNode): boolean => node.nodeType === 1;

/** An attribute's value; empty where it is not there. */
export const attribute = (node: HtmlNode, name: string): string => node.getAttribute(name) ?? "";

/** What holds no text of the page. */
export const silentElements: ReadonlySet<string> = new Set(
  "script style noscript template svg iframe head annotation annotation-xml canvas audio video object datalist rp".split(
    " ",
  ),
);

/** A document with a body, whatever tags the page leaves out. */
export function openPage(source: string): HtmlNode {
  const whole = /<html[\s>]/i.test(source) ? source : `<html><head></head><body>${source}</body></html>`;
  const { document } = parseHTML(whole) as unknown as { document: HtmlNode };
  // A page may leave out its <body> tag, in which case linkedom makes an empty one.
  if (document.querySelector("body")?.textContent?.trim()) return document;
  const inner = whole.replace(/<\/?(?:html|body)\b[^>]*>|<head\b[\s\S]*?<\/head>/gi, "");
  return (parseHTML(`<html><head></head><body>${inner}</body></html>`) as unknown as { document: HtmlNode })
    .document;
}
