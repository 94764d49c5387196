import type { TextBuilder } from "../text/text-builder.ts";
import { oneLine } from "../text/clean-text.ts";
import { attribute, isElement, isText, silentElements, type HtmlNode } from "./html-node.ts";
import { createStyleOf, type Style } from "./html-style.ts";

/**
 * Takes out what a reader of the page never sees (`display: none`, white on white, letters of a pixel), and tells it.
 * What a click opens stays: tabs, accordions, details.
 */
export function dropHiddenText(page: HtmlNode, out: TextBuilder): void {
  const styleOf = createStyleOf(page);
  const opened = findOpened(page);
  const drop = (node: HtmlNode, reason: string): void => {
    const text = oneLine(node.textContent ?? "");
    node.remove();
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    out.warn(`Hidden text was left out (${reason}): "${shown}".`);
  };
  const visit = (node: HtmlNode, above: Look): void => {
    for (const child of node.childNodes) {
      if (isText(child)) {
        if ((child.textContent ?? "").trim() === "") continue;
        if (above.color !== undefined && isSameColor(above.color, above.background)) {
          drop(child, "in the colour of its background");
        } else if (above.isTiny) drop(child, "too small to be read");
      }
      if (!isElement(child) || silentElements.has(child.localName ?? "")) continue;
      const style = styleOf(child);
      const reason = hiddenBy(child, style);
      if (reason === undefined || opened(child)) visit(child, lookOf(child, style, above));
      else drop(child, reason);
    }
  };
  const body = page.querySelector("body")!;
  visit(body, lookOf(body, styleOf(body), { color: undefined, background: "#ffffff", isTiny: false }));
}

/** As it is inherited. */
interface Look {
  color: string | undefined;
  /** "?" for a picture. */
  background: string;
  isTiny: boolean;
}

function lookOf(node: HtmlNode, style: Style, above: Look): Look {
  const background = style["background-color"] ?? style["background"] ?? attribute(node, "bgcolor");
  const isPicture = /url\(|gradient/.test(`${background} ${style["background-image"] ?? ""}`);
  const clear = /^(?:|none|transparent|inherit|initial|unset)$/.test(background);
  const size = style["font-size"] ?? "";
  return {
    color: style["color"] ?? (attribute(node, "color").toLowerCase() || above.color),
    background: isPicture ? "?" : clear ? above.background : background.split(/\s+(?![^(]*\))/)[0]!,
    isTiny:
      size === "" ? above.isTiny : /^(?:[01](?:\.\d+)?(?:px|pt)|0(?:\.0\d*)?(?:r?em|%|)|1%)$/.test(size),
  };
}

/** Why an element's own marks keep it from being seen; undefined where they do not. */
function hiddenBy(node: HtmlNode, style: Style): string | undefined {
  if (style["display"] === "none") return "display: none";
  if (/^(?:hidden|collapse)$/.test(style["visibility"] ?? "")) return `visibility: ${style["visibility"]}`;
  if (/^0*(?:\.0*)?%?$/.test(style["opacity"] ?? "1")) return "opacity: 0";
  const hidden = node.getAttribute("hidden");
  if (hidden !== null && hidden !== "until-found") return "hidden";
  const isOut = ["left", "right", "top", "text-indent", "margin-left"].some((side) =>
    /^-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%)/.test(style[side] ?? ""),
  );
  if (isOut) return "outside of the page";
  const clipped =
    /rect\(\s*[01](?:px)?[\s,]+[01]/.test(style["clip"] ?? "") ||
    /inset\((?:50|100)%/.test(style["clip-path"] ?? "");
  if (clipped) return "clipped away";
  if (/^0(?:px)?$/.test(style["height"] ?? style["max-height"] ?? "") && style["overflow"] === "hidden")
    return "no height";
  return undefined;
}

const openedWords =
  /(?:^|[-_\s])(?:tab|tabs|tabpanel|pane|panel|accordion|collaps\w*|expand\w*|faq|toggle|answer|details|spoiler|reveal)(?:$|[-_\s])/i;

/** Whether a control of the page opens an element, by what names it or by how it is called. */
function findOpened(page: HtmlNode): (node: HtmlNode) => boolean {
  const named = new Set<string>();
  const controls =
    "[aria-controls], [data-target], [data-bs-target], [aria-owns], label[for], a[href^='#'], [data-tab], [commandfor], [popovertarget]";
  for (const control of page.querySelectorAll(controls)) {
    for (const name of [
      "aria-controls",
      "data-target",
      "data-bs-target",
      "aria-owns",
      "href",
      "data-tab",
      "commandfor",
      "popovertarget",
    ]) {
      for (const id of attribute(control, name).split(/\s+/)) if (id !== "") named.add(id.replace(/^#/, ""));
    }
  }
  return (node) =>
    attribute(node, "role") === "tabpanel" ||
    named.has(attribute(node, "id") || "\0") ||
    attribute(node, "aria-labelledby") !== "" ||
    openedWords.test(attribute(node, "class")) ||
    openedWords.test(attribute(node, "id")) ||
    node.closest("details, [role=tabpanel]") !== null ||
    isUnderControl(node);
}

/** What opens and closes it stands right above it. */
function isUnderControl(node: HtmlNode): boolean {
  const above = node.previousElementSibling;
  return (
    above?.getAttribute("aria-expanded") === "false" || above?.querySelector("[aria-expanded=false]") != null
  );
}

/** Of two colours whether the one cannot be told from the other. */
function isSameColor(a: string, b: string): boolean {
  if (/^(?:transparent|rgba\(.*,\s*0(?:\.0*)?\))$/.test(a)) return true;
  const [first, second] = [toRgb(a), toRgb(b)];
  if (!first || !second) return a === b;
  return first.every((value, index) => Math.abs(value - second[index]!) <= 8);
}

const namedColors: Record<string, string> = {
  white: "#fff",
  black: "#000",
  snow: "#fffafa",
  ivory: "#fffff0",
  whitesmoke: "#f5f5f5",
};

function toRgb(color: string): number[] | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})\b/.exec(namedColors[color] ?? color)?.[1];
  if (hex) {
    const long = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
  }
  const numbers = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(color)?.slice(1);
  return numbers?.map(Number);
}
