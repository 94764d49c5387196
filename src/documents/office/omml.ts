import { accented, binomial, fraction, joined, matrix, root, scripts, settled } from "../text/formula.ts";
import { child, childrenOf, elements, isOn, textOf, valueOf, type XmlNode } from "../text/read-xml.ts";

/** A formula of an Office document as a line of text. (ECMA-376, part 1, 22.1.) */
export const ommlText = (node: XmlNode): string => settled(read(node));

function read(node: XmlNode): string {
  const of = (name: string): string => {
    const found = child(node, name);
    return found ? read(found) : "";
  };
  const property = (name: string): string | undefined => valueOf(child(node, `${node.name}Pr`), name);
  switch (node.name) {
    case "t":
      return textOf(node);
    case "f":
      return property("type") === "noBar" ? binomial(of("num"), of("den")) : fraction(of("num"), of("den"));
    case "sSup":
      return scripts(of("e"), "", of("sup"));
    case "sSub":
      return scripts(of("e"), of("sub"), "");
    case "sSubSup":
      return scripts(of("e"), of("sub"), of("sup"));
    case "sPre":
      return scripts("", of("sub"), of("sup")) + of("e");
    case "rad":
      return root(of("e"), isOn(child(node, "radPr"), "degHide") ? "" : of("deg"));
    case "nary":
      return joined([scripts(property("chr") ?? "∫", of("sub"), of("sup")), of("e")]);
    case "limLow":
      return scripts(of("e"), of("lim"), "");
    case "limUpp":
      return scripts(of("e"), "", of("lim"));
    case "acc":
      return accented(of("e"), property("chr") ?? "\u0302") ?? of("e");
    case "bar":
      return property("pos") === "top" ? (accented(of("e"), "¯") ?? of("e")) : of("e");
    case "func":
      return joined([of("fName"), of("e")]);
    case "m":
      return matrix(childrenOf(node, "mr").map((row) => childrenOf(row, "e").map(read)));
    case "eqArr":
      return childrenOf(node, "e")
        .map((line) => read(line).replaceAll("&", ""))
        .join("; ");
    case "d": {
      const [opened, separator, closed] = [property("begChr"), property("sepChr"), property("endChr")];
      const inner = childrenOf(node, "e")
        .map(read)
        .join(separator ?? "|");
      return joined([opened ?? "(", inner, closed ?? ")"]);
    }
    case "phant":
      return isOn(child(node, "phantPr"), "show") || !child(child(node, "phantPr"), "show") ? of("e") : "";
    case "del":
    case "moveFrom":
      return "";
    default:
      // Of a word, each letter may be a run of its own.
      return node.name.endsWith("Pr") ? "" : elements(node).map(read).join("");
  }
}
