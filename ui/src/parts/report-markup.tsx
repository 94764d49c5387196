import { createElement, Fragment, useMemo, type ReactNode } from "react";

/** What the report writes: nothing that runs, loads or leads anywhere. */
const elements = new Set(
  "section header h1 h2 h3 h4 p ul ol li div span strong b i em small code figure figcaption svg g path line circle rect text title table thead tbody tr th td article details summary".split(
    " ",
  ),
);

/** As React names them, where that is another name. */
const attributes: Record<string, string> = {
  class: "className",
  colspan: "colSpan",
  rowspan: "rowSpan",
  tabindex: "tabIndex",
  "text-anchor": "textAnchor",
  viewbox: "viewBox",
  viewBox: "viewBox",
  preserveAspectRatio: "preserveAspectRatio",
  ...Object.fromEntries(
    "id role title scope d x y x1 x2 y1 y2 cx cy r rx ry width height transform points aria-label aria-labelledby aria-hidden aria-describedby"
      .split(" ")
      .map((name) => [name, name]),
  ),
};

/**
 * A piece of the report as the server writes it, made anew from a tree: known elements with known attributes, and text. It
 * is read as a document that runs and loads nothing, and no markup is ever put into the page.
 */
export function ReportMarkup({ markup }: { markup: string }) {
  const nodes = useMemo(() => {
    const { body } = new DOMParser().parseFromString(markup, "text/html");
    return childrenOf(body);
  }, [markup]);
  return <>{nodes}</>;
}

function childrenOf(parent: Node): ReactNode[] {
  return [...parent.childNodes].map((node, index) => {
    if (node.nodeType === Node.TEXT_NODE)
      return parent instanceof HTMLTableElement ||
        parent instanceof HTMLTableSectionElement ||
        parent instanceof HTMLTableRowElement
        ? null
        : node.textContent;
    if (!(node instanceof Element)) return null;
    const name = node.localName;
    if (!elements.has(name)) return null;
    const props: Record<string, string | number> = {};
    for (const { name: attribute, value } of node.attributes) {
      const known = attributes[attribute];
      if (known !== undefined)
        props[known] = known === "tabIndex" || known.endsWith("Span") ? Number(value) : value;
    }
    const children = childrenOf(node);
    return children.length === 0
      ? createElement(name, { key: index, ...props })
      : createElement(name, { key: index, ...props }, createElement(Fragment, null, ...children));
  });
}
