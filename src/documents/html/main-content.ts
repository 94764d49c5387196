import { oneLine } from "../text/clean-text.ts";
import type { TextBuilder } from "../text/text-builder.ts";
import { attribute, isElement, isText, silentElements, type HtmlNode } from "./html-node.ts";

/**
 * The parts of a page that are its content: `<main>`, an `<article>` that holds most of the text, else the body. What
 * surrounds the content on every page of a site is taken out first. All that goes is told.
 */
export function mainContent(body: HtmlNode, out: TextBuilder): HtmlNode[] {
  for (const part of body.querySelectorAll(surroundings)) if (!isContent(part)) drop(part, out);
  for (const part of body.querySelectorAll("*")) {
    if (isSurroundingByName(part) && !isContent(part)) drop(part, out);
  }
  const chosen = choose(body);
  if (chosen[0] !== body) {
    const outside = length(body) - chosen.reduce((sum, part) => sum + length(part), 0);
    if (outside > 0) out.warn(`Text beside the page's main part was left out (${outside} characters).`);
    return chosen;
  }
  dropLinkLists(body, out);
  return [body];
}

const surroundings =
  "nav, footer, aside, dialog, menu[type=toolbar], [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=dialog], [role=alertdialog], button, [aria-hidden=true]";

/** Whether it is part of the text after all. */
function isContent(part: HtmlNode): boolean {
  const name = part.localName ?? "";
  const text = oneLine(part.textContent ?? "");
  if (!/[\p{L}\p{N}]/u.test(text)) return false;
  // What opens an answer is its question.
  if (name === "button") return /[?？]$/.test(text) || attribute(part, "aria-expanded") !== "";
  const role = attribute(part, "role");
  if (name === "nav" || /^(?:navigation|search|banner|contentinfo)$/.test(role)) return false;
  if (name === "dialog") return part.getAttribute("open") !== null;
  if (/dialog/.test(role)) return false;
  const inside = part.closest("main, article, [role=main], blockquote, figure, section section") !== null;
  if (name === "footer") return inside;
  if (name === "aside") return inside || noteWords.test(`${attribute(part, "class")} ${role}`);
  // `aria-hidden` hides from screen readers what others see: an icon's name, but an answer, too.
  return !/^(?:i|span|a|svg|img|sup)$/.test(name) || (text.length > 20 && text.includes(" "));
}

const noteWords = /note|warning|caution|danger|tip|important|admonition|callout|info|hint|alert|example/i;

const menuWords =
  /(?:^|[-_\s])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|side-bar|footer|site-header|masthead|cookie\w*|consent|pagination|skip-link|social|share|sharing)(?:$|[-_\s])/i;

/** A block that is called a menu and holds little but links. */
function isSurroundingByName(part: HtmlNode): boolean {
  if (!/^(?:div|ul|ol|section|header|table|p|td)$/.test(part.localName ?? "")) return false;
  const name = `${attribute(part, "class")} ${attribute(part, "id")}`;
  if (name === " " || !menuWords.test(name)) return false;
  return /cookie|consent/i.test(name) ? length(part) < 2000 : linkShare(part) > 0.6;
}

/** All of it if it is the page's; an article only where it is no teaser. */
function choose(body: HtmlNode): HtmlNode[] {
  const mains = [...body.querySelectorAll("main, [role=main]")].filter(
    (part) => !part.parentNode?.closest?.("main, [role=main]"),
  );
  const whole = length(body);
  const inMains = mains.reduce((sum, part) => sum + length(part), 0);
  if (mains.length > 0 && (inMains > 0.3 * whole || inMains > 1000)) return mains;
  const articles = [...body.querySelectorAll("article")].filter(
    (part) => !part.parentNode?.closest?.("article"),
  );
  const [article] = articles;
  return articles.length === 1 && length(article!) > 0.5 * whole ? [article!] : [body];
}

/** Lists of short links before, between and after the text, where there is more text than links. */
function dropLinkLists(body: HtmlNode, out: TextBuilder): void {
  const lists = new Set([...body.querySelectorAll("ul, ol, div, p, table, header")].filter(isLinkList));
  const outer = [...lists].filter((list) => !isWithin(list, lists));
  const inLists = outer.reduce((sum, list) => sum + length(list), 0);
  if (length(body) - inLists <= inLists) return;
  for (const list of outer) drop(list, out);
}

function isLinkList(part: HtmlNode): boolean {
  const links = [...part.querySelectorAll("a[href]")];
  if (links.length < 2 || part.querySelector("h1, h2, h3, img, th") !== null) return false;
  if (part.closest("li, td, dd, blockquote") !== null && part.localName !== "table") return false;
  return links.every((link) => length(link) <= 30) && linkShare(part) > 0.85;
}

function isWithin(part: HtmlNode, others: Set<HtmlNode>): boolean {
  for (let node = part.parentNode; node; node = node.parentNode) if (others.has(node)) return true;
  return false;
}

function linkShare(part: HtmlNode): number {
  const links = [...part.querySelectorAll("a")].reduce((sum, link) => sum + length(link), 0);
  return links / Math.max(1, length(part));
}

/** Letters and digits, as far as they are read. */
function length(part: HtmlNode): number {
  if (isText(part)) return (part.textContent ?? "").replace(/[^\p{L}\p{N}]+/gu, "").length;
  if (!isElement(part) || silentElements.has(part.localName ?? "")) return 0;
  let sum = 0;
  for (const child of part.childNodes) sum += length(child);
  return sum;
}

function drop(part: HtmlNode, out: TextBuilder): void {
  const size = length(part);
  const what = part.localName === "button" ? "A button" : describe(part);
  const text = oneLine(part.textContent ?? "");
  part.remove();
  if (size > 0) out.warn(`${what} was left out: "${text.length > 60 ? `${text.slice(0, 60)}…` : text}".`);
}

function describe(part: HtmlNode): string {
  const name = part.localName ?? "";
  if (name === "aside") return "An aside";
  if (name === "footer") return "A footer";
  if (name === "dialog") return "A closed dialog";
  if (attribute(part, "aria-hidden") === "true") return "An icon's text";
  return "Navigation";
}
