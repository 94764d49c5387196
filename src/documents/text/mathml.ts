import { accented, binomial, fraction, joined, matrix, root, scripts, settled } from "./formula.ts";
import { descendants, elements, textOf, type XmlNode } from "./read-xml.ts";

/** A formula in MathML as a line of text. (W3C MathML 3, presentation; of other forms, the text is what there is.) */
export function mathmlText(node: XmlNode): string {
  if (Object.hasOwn(readers, node.name)) return readers[node.name]!(node);
  return elements(node).length > 0 ? row(node) : leaf(textOf(node));
}

const leaf = (text: string): string => text.trim().replace(/\s+/g, " ");

const parts = (node: XmlNode): string[] =>
  elements(node)
    .filter(({ name }) => name !== "mprescripts")
    .map(mathmlText);

const row = (node: XmlNode): string => joined(parts(node));

/** Of a formula that is there as it was typed only. */
const source = (node: XmlNode): string => textOf([...descendants(node, "annotation")][0]).trim();

function limits(base: string, below: string, above: string): string {
  if (above === "" && below !== "") return accented(base, below) ?? scripts(base, below, "");
  if (below === "" && above !== "") return accented(base, above) ?? scripts(base, "", above);
  return scripts(base, below, above);
}

function fenced({ attributes, ...node }: XmlNode): string {
  const separators = [...(attributes["separators"] ?? ",").replace(/\s/g, "")];
  const inner = parts({ attributes, ...node }).reduce(
    (text, each, index) =>
      text + (index === 0 ? "" : (separators[index - 1] ?? separators.at(-1) ?? "")) + each,
    "",
  );
  return `${attributes["open"] ?? "("}${inner}${attributes["close"] ?? ")"}`;
}

/** Pairs of scripts follow the base, and those before it after a mark. */
function multiscripts(node: XmlNode): string {
  const [base, ...rest] = elements(node);
  const mark = rest.findIndex(({ name }) => name === "mprescripts");
  const [behind, before] = mark < 0 ? [rest, []] : [rest.slice(0, mark), rest.slice(mark + 1)];
  const texts = (side: XmlNode[], offset: number): string =>
    side
      .filter((_, index) => index % 2 === offset)
      .map(mathmlText)
      .join("");
  const front = scripts("", texts(before, 0), texts(before, 1));
  return front + scripts(base ? mathmlText(base) : "", texts(behind, 0), texts(behind, 1));
}

/** Each by its parts in their order. */
const readers: Record<string, (node: XmlNode) => string> = {
  math: (node) => settled(row(node)).trim() || (node.attributes["alttext"] ?? source(node)),
  mtext: (node) => textOf(node).replace(/\s+/g, " "),
  mspace: () => " ",
  ms: (node) => `"${textOf(node)}"`,
  mphantom: () => "",
  annotation: () => "",
  "annotation-xml": () => "",
  semantics: (node) => mathmlText(elements(node)[0] ?? { name: "", attributes: {}, children: [] }),
  mfrac: (node) => {
    const [above = "", below = ""] = parts(node);
    return /^0(?:\D|$)/.test(node.attributes["linethickness"] ?? "")
      ? binomial(above, below)
      : fraction(above, below);
  },
  msqrt: (node) => root(row(node), ""),
  mroot: (node) => {
    const [radicand = "", degree = ""] = parts(node);
    return root(radicand, degree);
  },
  msup: (node) => {
    const [base = "", above = ""] = parts(node);
    return scripts(base, "", above);
  },
  msub: (node) => {
    const [base = "", below = ""] = parts(node);
    return scripts(base, below, "");
  },
  msubsup: (node) => {
    const [base = "", below = "", above = ""] = parts(node);
    return scripts(base, below, above);
  },
  munder: (node) => {
    const [base = "", below = ""] = parts(node);
    return limits(base, below, "");
  },
  mover: (node) => {
    const [base = "", above = ""] = parts(node);
    return limits(base, "", above);
  },
  munderover: (node) => {
    const [base = "", below = "", above = ""] = parts(node);
    return limits(base, below, above);
  },
  mmultiscripts: multiscripts,
  mfenced: fenced,
  mtable: (node) => matrix(elements(node).map((line) => parts(line))),
};
