const rel = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
const relations = (...all: string[]): string => `<Relationships>${all.join("")}</Relationships>`;

export interface SheetSource {
  name?: string;
  state?: string;
  /** What stands in `worksheet`. */
  xml: string;
  comments?: string[];
}

/** The members of a workbook of these sheets; `formats` are those of the cells' styles, from 1 on. */
export function xlsxMembers(
  sheets: SheetSource[],
  { formats = [] as string[], is1904 = false, fonts = "", title = "" } = {},
): { name: string; data: string }[] {
  const escape = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const numbers = formats.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${escape(code)}"/>`);
  const styles = formats.map((_, at) => `<xf numFmtId="${164 + at}" fontId="0"/>`);
  const fontStyles = fonts.match(/<font>/g)?.map((_, at) => `<xf numFmtId="0" fontId="${at + 1}"/>`) ?? [];
  return [
    { name: "_rels/.rels", data: relations(rel("d", "officeDocument", "xl/workbook.xml")) },
    ...(title === ""
      ? []
      : [
          {
            name: "docProps/core.xml",
            data: `<cp:coreProperties><dc:title>${title}</dc:title></cp:coreProperties>`,
          },
        ]),
    {
      name: "xl/workbook.xml",
      data: `<workbook><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets>${sheets.map(({ name = "Fares", state = "visible" }, at) => `<sheet name="${name}" state="${state}" r:id="s${at}"/>`).join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: relations(
        rel("st", "styles", "styles.xml"),
        ...sheets.map((_, at) => rel(`s${at}`, "worksheet", `worksheets/sheet${at}.xml`)),
      ),
    },
    {
      name: "xl/styles.xml",
      data: `<styleSheet><numFmts>${numbers.join("")}</numFmts><fonts><font/>${fonts}</fonts><cellXfs><xf numFmtId="0" fontId="0"/>${styles.join("")}${fontStyles.join("")}</cellXfs></styleSheet>`,
    },
    ...sheets.flatMap(({ xml, comments }, at) => [
      { name: `xl/worksheets/sheet${at}.xml`, data: `<worksheet>${xml}</worksheet>` },
      ...(comments
        ? [
            {
              name: `xl/worksheets/_rels/sheet${at}.xml.rels`,
              data: relations(rel("c", "comments", `../comments${at}.xml`)),
            },
            {
              name: `xl/comments${at}.xml`,
              data: `<comments><commentList>${comments.map((text) => `<comment ref="A1"><text><t>${text}</t></text></comment>`).join("")}</commentList></comments>`,
            },
          ]
        : []),
    ]),
  ];
}

/** Rows of cells, as `sheetData` has them; a cell that begins with `<` is put in as it is. */
export const rowsOf = (rows: string[][], hidden: number[] = []): string =>
  `<sheetData>${rows
    .map(
      (cells, at) =>
        `<row r="${at + 1}"${hidden.includes(at + 1) ? ' hidden="1"' : ""}>${cells.map((cell) => (cell.startsWith("<") ? cell : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join("")}</row>`,
    )
    .join("")}</sheetData>`;
