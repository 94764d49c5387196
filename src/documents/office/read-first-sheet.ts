import { child, childrenOf, elements } from "../text/read-xml.ts";
import { mainPart, openPackage } from "./open-package.ts";
import { readCells } from "./sheet-cells.ts";

/**
 * The rows of a workbook's first sheet that is not hidden, as they are shown; rows without a cell are left out. Throws
 * LORAG_BAD_ARCHIVE, LORAG_UNREADABLE.
 */
export async function readFirstSheet(bytes: Uint8Array): Promise<string[][]> {
  const opened = await openPackage(bytes);
  const { path, root } = mainPart(opened, "xl/workbook.xml");
  const relations = opened.relations(path);
  const strings = [...relations.values()].find(({ type }) => type === "sharedStrings");
  const sheets = elements(child(root, "sheets"));
  const first = sheets.find(({ attributes }) => !/hidden/i.test(attributes["state"] ?? "")) ?? sheets[0];
  const target = relations.get(first?.attributes["r:id"] ?? "")?.target;
  const sheet = target === undefined ? undefined : opened.part(target);
  if (!sheet) return [];
  const cells = readCells(sheet, {
    strings: childrenOf(strings && opened.part(strings.target), "si"),
    styles: [],
    isFrom1904: false,
    keepHidden: true,
    warn: () => {},
  });
  return [...cells.values()].map((row) => {
    const last = Math.max(0, ...row.keys());
    return Array.from({ length: last }, (_, column) => row.get(column + 1) ?? "");
  });
}
