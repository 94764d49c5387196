import { decodeHTMLStrict } from "entities";
import { SaxesParser } from "saxes";
import { unusable } from "../parser.ts";

/** An element. Names are without their prefix. */
export interface XmlNode {
  name: string;
  /** By full name (`r:id`) and, where that is free, by the name without prefix. */
  attributes: Record<string, string>;
  children: (XmlNode | string)[];
}

/** Deeper than any document that a person made. */
const deepest = 400;
const mostNodes = 3_000_000;

/**
 * A well-formed XML document as a tree. A document type is let pass where `allowDoctype` says so, entities of its own
 * never: they are what attacks are made of. Throws LORAG_BAD_ARCHIVE for those, LORAG_UNREADABLE for bad XML.
 */
export function readXml(text: string, name: string, { allowDoctype = false } = {}): XmlNode {
  const root: XmlNode = { name: "", attributes: {}, children: [] };
  const open = [root];
  let nodes = 0;
  const parser = new SaxesParser({ xmlns: false, position: true });
  if (allowDoctype) parser.ENTITIES = htmlEntities;
  parser.on("doctype", (doctype) => {
    if (!allowDoctype || doctype.includes("<!ENTITY")) {
      throw unusable("LORAG_BAD_ARCHIVE", `${name} has a DTD`, "Save the document again in its own program.");
    }
  });
  parser.on("error", (error) => {
    throw unusable(
      "LORAG_UNREADABLE",
      `${name} is not well-formed XML (${error.message})`,
      "Open it in its own program and save it again.",
    );
  });
  parser.on("opentag", ({ name: full, attributes }) => {
    if (open.length > deepest || ++nodes > mostNodes) {
      throw unusable("LORAG_BAD_ARCHIVE", `${name} is nested too deeply or too large`, "Split the document.");
    }
    const node: XmlNode = { name: localName(full), attributes: localAttributes(attributes), children: [] };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on("closetag", () => void open.pop());
  const add = (piece: string): void => void open.at(-1)!.children.push(piece);
  parser.on("text", add);
  parser.on("cdata", add);
  parser.write(text).close();
  return root.children.find((child) => typeof child !== "string")!;
}

const localName = (full: string): string => full.slice(full.indexOf(":") + 1);

function localAttributes(attributes: Record<string, string>): Record<string, string> {
  const local = Object.create(null) as Record<string, string>;
  for (const [full, value] of Object.entries(attributes)) {
    local[full] = value;
    local[localName(full)] ??= value;
  }
  return local;
}

/** Names that documents use without declaring them, as in a page. */
const htmlEntities = new Proxy<Record<string, string>>(
  { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" },
  {
    get: (known, name: string) => {
      const decoded = decodeHTMLStrict(`&${name};`);
      return known[name] ?? (decoded === `&${name};` ? undefined : decoded);
    },
  },
);

export const elements = (node: XmlNode | undefined): XmlNode[] =>
  node?.children.filter((child): child is XmlNode => typeof child !== "string") ?? [];

/** The first child element of a name. */
export const child = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  elements(node).find((each) => each.name === name);

export const childrenOf = (node: XmlNode | undefined, name: string): XmlNode[] =>
  elements(node).filter((each) => each.name === name);

/** Every element of a name under `node`, in order; what is inside one is not looked at. */
export function* descendants(node: XmlNode | undefined, name: string): Generator<XmlNode> {
  for (const each of elements(node)) {
    if (each.name === name) yield each;
    else yield* descendants(each, name);
  }
}

/** All text under a node. */
export const textOf = (node: XmlNode | undefined): string =>
  node?.children.map((each) => (typeof each === "string" ? each : textOf(each))).join("") ?? "";

/** The `val` of a child, as Office writes most properties; undefined where there is no such child. */
export const valueOf = (node: XmlNode | undefined, name: string): string | undefined => {
  const found = child(node, name);
  return found && (found.attributes["val"] ?? "");
};

/** Whether a property that is on by being there is on. */
export const isOn = (node: XmlNode | undefined, name: string): boolean => {
  const value = valueOf(node, name);
  return value !== undefined && !/^(?:0|false|off|none)$/.test(value);
};
