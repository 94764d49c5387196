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
  if (/line-?no|line-?number|hljs-ln|gutter|class="?ln"?/i.test(source)) dropLineNumbers(opened);
  if (/<math|math\/tex/i.test(source)) settleFormulas(opened);
  return opened;
}

const parse = (source: string): HtmlNode => (parseHTML(source) as unknown as { document: HtmlNode }).document;

/** Numbers beside lines of code, which are none of the code. */
function dropLineNumbers(page: HtmlNode): void {
  const places =
    ".lineno, .linenos, .linenodiv, .ln, .lnt, .line-number, .line-numbers-rows, .hljs-ln-numbers, .gutter";
  for (const place of page.querySelectorAll(places)) {
    if (/^[\d\s]*$/.test(place.textContent ?? "")) place.remove();
  }
}

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
