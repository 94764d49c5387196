import { requireText, titleFromName, type Parse } from "../parser.ts";
import { oneLine } from "../text/clean-text.ts";
import { child, childrenOf, elements, textOf, type XmlNode } from "../text/read-xml.ts";
import { TextBuilder } from "../text/text-builder.ts";
import { mainPart, openPackage, type Package } from "./open-package.ts";
import { isNamedByProgram, writeSheet } from "./sheet.ts";
import { readCells, readMerges, type Workbook } from "./sheet-cells.ts";
import { readCellStyles } from "./sheet-styles.ts";
import { writeSurroundings } from "./sheet-surroundings.ts";

/** Excel workbooks (ECMA-376): a heading for each sheet, its tables by rows, values as they are shown. */
export const parseXlsx: Parse = async (bytes, name, { keepHidden }) => {
  const opened = await openPackage(bytes);
  const { path, root } = mainPart(opened, "xl/workbook.xml");
  const relations = opened.relations(path);
  const related = (type: string): XmlNode | undefined => {
    const found = [...relations.values()].find((each) => each.type === type);
    return found && opened.part(found.target);
  };
  const out = new TextBuilder();
  const workbook: Workbook = {
    strings: childrenOf(related("sharedStrings"), "si"),
    styles: readCellStyles(related("styles")),
    isFrom1904: /^(?:1|true)$/.test(child(root, "workbookPr")?.attributes["date1904"] ?? ""),
    keepHidden,
    warn: (message) => out.warn(message),
  };
  const titles: string[] = [];
  for (const { attributes } of elements(child(root, "sheets"))) {
    const title = attributes["name"] ?? "";
    if (/hidden/i.test(attributes["state"] ?? "") && !keepHidden) {
      out.warn(`The hidden sheet "${title}" was left out.`);
      continue;
    }
    const target = relations.get(attributes["r:id"] ?? "")?.target;
    const sheet = target === undefined ? undefined : opened.part(target);
    out.page();
    if (!sheet || target === undefined) {
      out.warn(`The sheet "${title}" could not be found in the file.`);
      continue;
    }
    writeSheet(title, readCells(sheet, workbook), readMerges(sheet), out);
    writeSurroundings(sheet, opened, opened.relations(target), out);
    titles.push(title);
  }
  const only = titles.length === 1 && !isNamedByProgram(titles[0]!) ? titles[0] : undefined;
  return requireText(out.finish(statedTitle(opened) ?? only ?? titleFromName(name)));
};

function statedTitle(opened: Package): string | undefined {
  const stated = oneLine(textOf(child(opened.part("docProps/core.xml"), "title")));
  return stated === "" ? undefined : stated;
}
