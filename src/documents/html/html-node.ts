/** As much of the DOM as is needed here; linkedom's nodes have it. */
export interface HtmlNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<HtmlNode>;
  parentNode: HtmlNode | null;
  previousSibling: HtmlNode | null;
  nextSibling: HtmlNode | null;
  previousElementSibling?: HtmlNode | null;
  querySelector(selector: string): HtmlNode | null;
  querySelectorAll(selector: string): Iterable<HtmlNode>;
  getAttribute(name: string): string | null;
  closest(selector: string): HtmlNode | null;
  remove(): void;
  replaceWith(...nodes: (HtmlNode | string)[]): void;
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
