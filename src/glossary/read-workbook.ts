import { childrenOf, decodeText, descendants, readXml, textOf, type XmlNode } from "../documents/index.ts";
import { readZip } from "../platform/index.ts";

/** The rows of a workbook's first sheet, as text. Throws LORAG_BAD_ARCHIVE, LORAG_UNREADABLE. */
export async function readWorkbook(bytes: Uint8Array): Promise<string[][]> {
  const parts = await readZip(bytes, {
    only: (name) => /^xl\/(?:sharedStrings|worksheets\/sheet\d+)\.xml$/u.test(name),
  });
  const part = (name: string): XmlNode | undefined => {
    const content = parts.get(name);
    return content && readXml(decodeText(content), name);
  };
  const strings = childrenOf(part("xl/sharedStrings.xml"), "si").map((node) =>
    [...descendants(node, "t")].map(textOf).join(""),
  );
  const sheets = [...parts.keys()].filter((name) => name.includes("worksheets")).sort(byNumber);
  const rows: string[][] = [];
  for (const row of descendants(sheets[0] === undefined ? undefined : part(sheets[0]), "row")) {
    const cells: string[] = [];
    for (const cell of childrenOf(row, "c")) {
      const column = columnOf(cell.attributes["r"] ?? "") ?? cells.length;
      const value = textOf(childrenOf(cell, "v")[0]);
      while (cells.length < column) cells.push("");
      const type = cell.attributes["t"];
      if (type === "s") cells.push(strings[Number(value)] ?? "");
      else cells.push(type === "inlineStr" ? [...descendants(cell, "t")].map(textOf).join("") : value);
    }
    if (cells.some((cell) => cell.trim() !== "")) rows.push(cells);
  }
  return rows;
}

const byNumber = (a: string, b: string): number => Number(/\d+/u.exec(a)) - Number(/\d+/u.exec(b));

/** `C7` is column 2. A sheet has at most 16,384. */
function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/u.exec(reference)?.[0];
  if (!letters) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
