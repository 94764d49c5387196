import { captionAbove } from "../text/caption-above.ts";
import {
  child,
  childrenOf,
  descendants,
  elements,
  isOn,
  textOf,
  valueOf,
  type XmlNode,
} from "../text/read-xml.ts";
import type { ParagraphStyle } from "./docx-styles.ts";

/** Longer than this is no heading, however bold. */
const longestHeading = 100;
const mostLevels = 3;

/**
 * The headings of a document that has none by style, with their levels: short bold paragraphs, no sentences, each with text
 * that is not bold, a table, or a smaller heading after it. The largest letters make the highest level.
 */
export function findBoldHeadings(
  body: XmlNode,
  styleOf: (id: string | undefined) => ParagraphStyle,
): Map<XmlNode, number> {
  const blocks = elements(body).filter((node) => node.name === "tbl" || textIn(node) !== "");
  const looks = blocks.map((node) =>
    node.name === "p" ? lookOf(node, styleOf(valueOf(child(node, "pPr"), "pStyle"))) : undefined,
  );
  if (looks.some((look) => look?.isHeading)) return new Map();
  const found = blocks.flatMap((node, index) => {
    const [look, next] = [looks[index], looks[index + 1]];
    if (!look?.isBold || index === blocks.length - 1 || !isHeadingText(textIn(node))) return [];
    return next?.isBold && next.size >= look.size ? [] : [{ node, size: look.size }];
  });
  // Where half of it is bold, bold means something else.
  if (found.length > blocks.length / 2) return new Map();
  const sizes = [...new Set(found.map(({ size }) => size))].sort((a, b) => b - a);
  return new Map(found.map(({ node, size }) => [node, Math.min(sizes.indexOf(size) + 1, mostLevels)]));
}

const textIn = (node: XmlNode): string => [...descendants(node, "t")].map(textOf).join("").trim();

const isHeadingText = (text: string): boolean =>
  text.length <= longestHeading &&
  /\p{L}/u.test(text) &&
  !/[.!;,:…]$/.test(text) &&
  captionAbove(text) === undefined;

interface Look {
  isHeading: boolean;
  isBold: boolean;
  /** In half points. */
  size: number;
}

function lookOf(paragraph: XmlNode, style: ParagraphStyle): Look {
  const outline = Number(valueOf(child(paragraph, "pPr"), "outlineLvl") ?? 9);
  const properties = [...descendants(paragraph, "r")]
    .filter((run) => childrenOf(run, "t").some((text) => textOf(text).trim() !== ""))
    .map((run) => [child(run, "rPr"), ...style.runs]);
  const first = (run: (XmlNode | undefined)[], name: string): XmlNode | undefined =>
    run.find((each) => child(each, name) !== undefined);
  return {
    isHeading: style.level !== undefined || outline < 9,
    isBold: properties.length > 0 && properties.every((run) => isOn(first(run, "b"), "b")),
    size: Math.max(0, ...properties.map((run) => Number(valueOf(first(run, "sz"), "sz") ?? 22) || 22)),
  };
}
