import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { flatText, writeHtmlText, type HtmlNode } from "./html-text.ts";
import { cleanText, requireText, TextBuilder, titleFromName, type Parse } from "./parser.ts";
import { decodeText } from "./text-encoding.ts";

/** What surrounds a page's content on every page of a site. */
const surroundings =
  "script, style, noscript, template, svg, iframe, nav, footer, aside, form, dialog, [hidden], [aria-hidden=true], [role=navigation], [role=banner]";

/** A page's main content: `<main>` or its only `<article>`, else what Readability finds, if that is most of the page. */
export const parseHtml: Parse = (bytes, name) => {
  const start = Buffer.from(bytes.subarray(0, 2048)).toString("latin1");
  const declared = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1];
  const source = cleanText(decodeText(bytes, declared));
  const page = openPage(source);
  const body = page.querySelector("body")!;
  const heading = only(body, "h1");
  const headline = heading ? flatText(heading) : (page.querySelector("title")?.textContent ?? "");
  for (const part of body.querySelectorAll(surroundings)) part.remove();

  const out = new TextBuilder();
  writeHtmlText(only(body, "main, [role=main]") ?? only(body, "article") ?? mainContent(body, source), out);
  return requireText(out.finish(headline.trim() === "" ? titleFromName(name) : headline));
};

function openPage(source: string): HtmlNode {
  const whole = /<html[\s>]/i.test(source) ? source : `<html><head></head><body>${source}</body></html>`;
  const { document } = parseHTML(whole) as unknown as { document: HtmlNode };
  // A page may leave out its <body> tag, in which case linkedom makes an empty one.
  if (document.querySelector("body")?.textContent?.trim()) return document;
  const inner = whole.replace(/<\/?(?:html|body)\b[^>]*>|<head\b[\s\S]*?<\/head>/gi, "");
  return (parseHTML(`<html><head></head><body>${inner}</body></html>`) as unknown as { document: HtmlNode })
    .document;
}

function only(body: HtmlNode, selector: string): HtmlNode | undefined {
  const found = [...body.querySelectorAll(selector)];
  return found.length === 1 ? found[0] : undefined;
}

/** Readability is made for news pages; where it drops much of a page, the page is no article and stays whole. */
function mainContent(body: HtmlNode, source: string): HtmlNode {
  const article = new Readability(openPage(source) as never).parse();
  const kept = article?.textContent?.length ?? 0;
  if (!article?.content || kept < 0.6 * (body.textContent?.length ?? 0)) return body;
  return openPage(article.content).querySelector("body")!;
}
