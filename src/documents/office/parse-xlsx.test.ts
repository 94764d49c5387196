import { expect, test } from "vitest";
import { makeZip } from "../../platform/zip.case.ts";
import { defaultParseOptions, type ParsedDocument } from "../parser.ts";
import { rowsOf, xlsxMembers, type SheetSource } from "./make-xlsx.case.ts";
import { parseXlsx } from "./parse-xlsx.ts";

const read = async (
  sheets: SheetSource[],
  made: Parameters<typeof xlsxMembers>[1] = {},
  keepHidden = false,
): Promise<ParsedDocument> =>
  parseXlsx(new Uint8Array(makeZip(xlsxMembers(sheets, made))), "harbour-fares.xlsx", {
    ...defaultParseOptions,
    keepHidden,
  });

/** A format, the number in the file, and what Excel shows. */
const shown: [string, string, string][] = [
  ["000", "7", "007"],
  ["# ?/?", "0.5", "1/2"],
  ["# ?/?", "2.25", "2 1/4"],
  ['#,##0.00 "€"', "1234.5", "1,234.50 €"],
  ["$#,##0.00;[Red]($#,##0.00)", "-5.5", "($5.50)"],
  ['_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "-12", "$(12.00)"],
  ["0.0%", "0.125", "12.5%"],
  ["0%", "1.5", "150%"],
  ["0.00E+00", "1.5", "1.50E+00"],
  ["[h]:mm", "1.25", "30:00"],
  ["[mm]:ss", "0.05", "72:00"],
  ["yyyy-mm-dd", "45413", "2024-05-01"],
  ["dd.mm.yyyy hh:mm", "45413.5625", "01.05.2024 13:30"],
  ["[$-407]d. mmmm yyyy", "45000", "15. März 2023"],
  ["d-mmm-yy", "45413", "1-May-24"],
  ["h:mm AM/PM", "0.55", "1:12 PM"],
  ['#,##0,,"M"', "12345678", "12M"],
  ["00000-0000", "123456789", "12345-6789"],
  ['[>=100]"many";0', "150", "many"],
  ["General", "0.30000000000000004", "0.3"],
  ["General", "1E-7", "0.0000001"],
  ["General", "12345678901234567890", "12345678901234567890"],
  ["0", "4000123412341234", "4000123412341234"],
  ["@", "12", "12"],
  // What no spreadsheet can read is no reason to lose the number.
  ["[", "3", "3"],
  ["yyyy-mm-dd", "-5", "-5"],
];

test("numbers stand as their cells show them", async () => {
  const rows = shown.map(([, value], at) => [`<c s="${at + 1}"><v>${value}</v></c>`, "x"]);
  const { text } = await read([{ xml: rowsOf(rows) }], { formats: shown.map(([code]) => code) });
  const found = text.split("\n").filter((line) => line.endsWith(" | x"));
  expect(found.map((line) => line.slice(0, -4))).toEqual(shown.map(([, , right]) => right));
});

test("dates of workbooks that count from 1904; truth values and errors", async () => {
  const row = [
    '<c s="1"><v>43951</v></c>',
    '<c s="2"><v>1.25</v></c>',
    '<c t="b"><v>1</v></c>',
    '<c t="e"><v>#N/A</v></c>',
  ];
  const { text } = await read([{ xml: rowsOf([row]) }], { formats: ["yyyy-mm-dd", "[h]:mm"], is1904: true });
  expect(text).toContain("2024-05-01 | 30:00 | TRUE | #N/A");
});

test("hidden rows, columns, sheets and cells are left out and told, and kept where that is asked for", async () => {
  const xml =
    '<cols><col min="3" max="3" hidden="1"/><col min="4" max="4" outlineLevel="1" hidden="1"/></cols>' +
    rowsOf(
      [
        ["Who", "Fare", "Margin", "Folded"],
        ["Dog", "5", "secret", "yes"],
        ["Parrot", "0", "secret", "yes"],
        ["Cat", "2", "secret", "yes"],
        ["Horse", '<c s="1"><v>9</v></c>', "secret", "yes"],
      ],
      [3],
    );
  const sheets = [{ xml }, { name: "Old", state: "veryHidden", xml: rowsOf([["Gone"]]) }];
  const { text, warnings, blocks } = await read(sheets, { formats: [";;;"] });
  expect(text).toBe("Fares\n\nWho | Fare | Folded\nDog | 5 | yes\nCat | 2 | yes\nHorse |  | yes");
  expect(blocks).toMatchObject([{ head: "Who | Fare | Folded" }]);
  expect(warnings).toEqual([
    'A hidden cell (by its format) was left out: "9".',
    'The hidden column C was left out: "Margin | secret | secret | secret".',
    'The hidden row 3 was left out: "Parrot | 0 | secret | yes".',
    'The hidden sheet "Old" was left out.',
  ]);
  const kept = await read(sheets, { formats: [";;;"] }, true);
  expect(kept.text).toContain("Parrot | 0 | secret | yes");
  expect(kept.text).toContain("Horse | 9 | secret");
  expect(kept.text).toContain("Gone");
});

test("white and struck letters, remarks, printed edges and formulas without results are told", async () => {
  const fonts = '<font><color rgb="FFFFFFFF"/></font><font><strike/></font>';
  const cell = (style: number, text: string): string =>
    `<c s="${style}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const rich = '<c t="inlineStr"><is><r><rPr><strike/></rPr><t>40 </t></r><r><t>65</t></r></is></c>';
  const { text, warnings } = await read(
    [
      {
        xml:
          rowsOf([["Dog", cell(1, "white"), cell(2, "old"), rich, "<c r='E1'><f>A1+1</f></c>"]]) +
          "<headerFooter><oddHeader>&amp;C&amp;12Harbour office</oddHeader></headerFooter>",
        comments: ["Ask Ida"],
      },
    ],
    { fonts },
  );
  expect(text).toBe("Fares\n\nDog | 65");
  expect(warnings).toEqual([
    'A hidden cell (white on white) was left out: "white".',
    'Struck-out text was left out: "old".',
    'Struck-out text was left out: "40 ".',
    "Formulas whose results are not in the file were left out: 1 (E1). Open it in its program and save it.",
    'A comment was left out: "Ask Ida".',
    'A page header or footer was left out: "Harbour office".',
  ]);
});

test("a workbook is called what it says, what its only sheet is called, or what its file is", async () => {
  const xml = rowsOf([["Dog", "5"]]);
  expect((await read([{ xml, name: "Fares of 2024" }])).title).toBe("Fares of 2024");
  expect((await read([{ xml, name: "Sheet1" }])).title).toBe("Harbour fares");
  expect(
    (
      await read([
        { xml, name: "A" },
        { xml, name: "B" },
      ])
    ).title,
  ).toBe("Harbour fares");
  expect((await read([{ xml, name: "A" }], { title: "All fares" })).title).toBe("All fares");
});

test("merged cells hold their value in each place; what is merged over the whole width is a title", async () => {
  const { text } = await read([
    {
      xml:
        rowsOf([["Torques"], ["Bolt", "Nm"], ["M8", "25"], ["M10"]]) +
        '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B3:B4"/></mergeCells>',
    },
  ]);
  expect(text).toBe("Fares\n\nTorques\nBolt | Nm\nM8 | 25\nM10 | 25");
});
