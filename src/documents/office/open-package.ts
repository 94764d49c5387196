import { readZip } from "../../platform/index.ts";
import { unusable } from "../parser.ts";
import { decodeText } from "../text/text-encoding.ts";
import { elements, readXml, type XmlNode } from "../text/read-xml.ts";

/** A zip of XML parts, as Office, OpenDocument and EPUB files are. */
export interface Package {
  /** Undefined where there is no such part. Throws what `readXml` throws. */
  part: (path: string) => XmlNode | undefined;
  bytes: (path: string) => Uint8Array | undefined;
  names: string[];
  /** Where the relations of a part lead, by their id. Paths are from the package's root; addresses are left as they are. */
  relations: (path: string) => Map<string, Relation>;
}

export interface Relation {
  type: string;
  target: string;
  isExternal: boolean;
}

/** Throws LORAG_BAD_ARCHIVE, LORAG_ENCRYPTED. Of its members, those that hold text are unpacked. */
export async function openPackage(
  bytes: Uint8Array,
  only = /\.(?:xml|rels|x?html?|opf|ncx)$|^mimetype$/i,
): Promise<Package> {
  const members = await readZip(bytes, { only: (member) => only.test(member) });
  const byName = new Map([...members].map(([name, content]) => [name.toLowerCase(), content]));
  const bytesOf = (path: string): Uint8Array | undefined =>
    members.get(path) ?? byName.get(path.toLowerCase());
  const part = (path: string): XmlNode | undefined => {
    const content = bytesOf(path);
    return content && readXml(decodeText(content).replace(/^\ufeff/, ""), path);
  };
  return {
    part,
    bytes: bytesOf,
    names: [...members.keys()],
    relations: (path) => {
      const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
      const file = path.slice(folder.length);
      const relations = new Map<string, Relation>();
      for (const { attributes } of elements(part(`${folder}_rels/${file}.rels`))) {
        const isExternal = attributes["TargetMode"] === "External";
        const target = attributes["Target"] ?? "";
        relations.set(attributes["Id"] ?? "", {
          type: (attributes["Type"] ?? "").split("/").at(-1)!,
          target: isExternal ? target : resolvePath(folder, target),
          isExternal,
        });
      }
      return relations;
    },
  };
}

/** A path within the package: `../media/x` from `word/` is `media/x`. */
export function resolvePath(folder: string, target: string): string {
  const parts = target.startsWith("/") ? [] : folder.split("/").filter(Boolean);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** The part that the package is about: the root's relation of that type. */
export function mainPart(opened: Package, fallback: string): { path: string; root: XmlNode } {
  const main = [...opened.relations("").values()].find(({ type }) => type === "officeDocument")?.target;
  for (const path of [main, fallback]) {
    const root = path === undefined ? undefined : opened.part(path);
    if (root) return { path: path!, root };
  }
  throw unusable(
    "LORAG_UNREADABLE",
    `its main part (${main ?? fallback}) is missing`,
    "Open it in its own program and save it again.",
  );
}
