import { attribute, type HtmlNode } from "./html-node.ts";

/** CSS declarations by property, in lower case. */
export type Style = Record<string, string>;

/**
 * What a page's own style rules and `style` attributes say of an element. Of selectors, those of one element, class or
 * id are understood, which is how text is hidden; rules for print or for narrow screens do not count.
 */
export function createStyleOf(page: HtmlNode): (node: HtmlNode) => Style {
  const rules = new Map<string, Style>();
  for (const sheet of page.querySelectorAll("style")) readRules(sheet.textContent ?? "", rules);
  return (node) => {
    const style: Style = Object.create(null) as Style;
    if (rules.size > 0) {
      const name = node.localName ?? "";
      const id = attribute(node, "id");
      const classes = attribute(node, "class").split(/\s+/).filter(Boolean).slice(0, 50);
      const selectors = [name, ...classes.flatMap((each) => [`.${each}`, `${name}.${each}`])];
      for (const selector of [...selectors, `#${id}`]) Object.assign(style, rules.get(selector));
    }
    const own = attribute(node, "style");
    return own === "" ? style : Object.assign(style, readDeclarations(own));
  };
}

function readRules(css: string, rules: Map<string, Style>): void {
  const plain = css.replace(/\/\*[^]*?\*\//g, "");
  let depth = 0;
  let from = 0;
  let selector = "";
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === "{") {
      if (depth === 0) {
        selector = plain.slice(from, at);
        from = at + 1;
      }
      depth++;
    } else if (plain[at] === "}" && depth > 0) {
      depth--;
      if (depth > 0) continue;
      if (!selector.trim().startsWith("@")) {
        const declarations = readDeclarations(plain.slice(from, at));
        for (const each of selector.split(",")) {
          rules.set(each.trim(), { ...rules.get(each.trim()), ...declarations });
        }
      }
      from = at + 1;
    } else if (plain[at] === ";" && depth === 0) from = at + 1;
  }
}

function readDeclarations(text: string): Style {
  const style: Style = Object.create(null) as Style;
  for (const declaration of text.split(";")) {
    const colon = declaration.indexOf(":");
    if (colon < 0) continue;
    const value = declaration.slice(colon + 1).replace(/!\s*important/i, "");
    style[declaration.slice(0, colon).trim().toLowerCase()] = value.trim().toLowerCase();
  }
  return style;
}
