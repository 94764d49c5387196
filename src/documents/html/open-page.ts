import { parseHTML } from "linkedom";
import { type HtmlNode } from "./html-node.ts";

/** A document with a body, whatever tags the page leaves out, each of its formulas once. */
export function openPage(source: string): HtmlNode {
  const whole = /<html[\s>]/i.test(source) ? source : `<html><head></head><body>${source}</body></html>`;
  const page = parse(whole);
  // A page may leave out its <body> tag, in which case linkedom makes an empty one.
  const hasBody = Boolean(page.querySelector("body")?.textContent?.trim());
  const inner = whole.replace(/<\/?(?:html|body)\b[^>]*>|<head\b[\s\S]*?<\/head>/gi, "");
  const opened = hasBody ? page : parse(`<html><head></head><body>${inner}</body></html>`);
  if (/<math|math\/tex/i.test(source)) settleFormulas(opened);
  return opened;
}

const parse = (source: string): HtmlNode => (parseHTML(source) as unknown as { document: HtmlNode }).document;

/** What KaTeX, MathJax and Wikipedia wrap around a formula in MathML: the same once more, for the eye. */
const wrappers = ".katex, .mwe-math-element, mjx-container, .MathJax, .MathJax_SVG, .MathJax_CHTML";

function settleFormulas(page: HtmlNode): void {
  for (const wrapper of page.querySelectorAll(wrappers)) {
    const formula = wrapper.querySelector("math");
    if (formula) wrapper.replaceWith(formula);
  }
  for (const preview of page.querySelectorAll(".MathJax_Preview")) preview.remove();
  for (const script of page.querySelectorAll("script[type^='math/tex']")) {
    if (script.previousSibling?.localName === "math") script.remove();
    else script.replaceWith(` ${script.textContent?.trim() ?? ""} `);
  }
}
