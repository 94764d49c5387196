import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultParseOptions, type ParsedDocument } from "../parser.ts";
import { chunkDocument } from "../chunking/chunk-document.ts";
import { makePdf, type Drawn, type MadePage } from "./make-pdf.case.ts";
import { parsePdf } from "./parse-pdf.ts";

const parse = async (pages: MadePage[], title?: string): Promise<ParsedDocument> =>
  parsePdf(makePdf(pages, title === undefined ? {} : { title }), "harbour-rules.pdf", defaultParseOptions);

const column = (lines: string[], x: number, y: number): Drawn[] =>
  lines.map((text, index) => ({ text, x, y: y - 12 * index }));

/** Rows 16 points apart, each cell at its column's place. */
const rowsAt = (places: number[], y: number, rows: string[][]): Drawn[] =>
  rows.flatMap((row, index) =>
    row.flatMap((text, at) => (text === "" ? [] : [{ text, x: places[at]!, y: y - 16 * index }])),
  );

const left = [
  "The ferry leaves the old harbour",
  "every hour from six in the morning",
  "and takes twenty minutes to cross",
  "the bay in calm weather. Dogs ride",
  "free on the lower deck if they are",
  "kept on a short lead at all times.",
];
const right = [
  "Tickets are sold on board and at",
  "the kiosk beside the pier. Children",
  "under six travel without a ticket",
  "while bicycles cost two euros more",
  "than a passenger. Groups of ten or",
  "more get one crossing in five free.",
];
const fares = [
  ["Animal", "Fare", "Deck"],
  ["Cat", "2 euros", "upper"],
  ["Horse", "40 euros", "car deck"],
  ["Parrot", "", "upper"],
];
const faresText =
  "Animal | Fare | Deck\nCat | 2 euros | upper\nHorse | 40 euros | car deck\nParrot |  | upper";

test("two columns are read one after the other, in whatever order they are drawn, under a title over both", async () => {
  const title: Drawn = { text: "Ferry rules of the bay and of the old harbour", x: 60, y: 790, size: 18 };
  const byColumn = [title, ...column(left, 60, 740), ...column(right, 320, 740)];
  const byLine = [
    title,
    ...left.flatMap((text, index) => [
      { text, x: 60, y: 740 - 12 * index },
      { text: right[index]!, x: 320, y: 740 - 12 * index },
    ]),
  ];
  const expected = `${title.text}\n\n${left.join("\n")}\n\n${right.join("\n")}`;
  expect((await parse([byColumn])).text).toBe(expected);
  expect((await parse([byLine])).text).toBe(expected);
});

test("a table is read by its rows, a cell of several lines as one, and its head is known", async () => {
  const { text, blocks } = await parse([
    [
      { text: "These fares hold until the end of the season.", x: 60, y: 770 },
      { text: "Table 4: Fares", x: 60, y: 745 },
      ...rowsAt([60, 200, 300], 720, fares),
      { text: "Ask the purser about other animals.", x: 60, y: 600 },
    ],
  ]);
  expect(text).toBe(
    `These fares hold until the end of the season.\n\nTable 4: Fares\n\n${faresText}\n\nAsk the purser about other animals.`,
  );
  expect(blocks).toMatchObject([{ kind: "table", head: "Table 4: Fares\nAnimal | Fare | Deck" }]);
  const wrapped = [
    ["Rule", "Reason", 740],
    ["Keep clear of the quay", "Cranes swing loads over", 720],
    ["", "it during the day", 708],
    ["No swimming", "Currents are strong near", 688],
    ["", "the wall", 676],
  ] as const;
  const cells = wrapped.flatMap(([rule, reason, y]) => [
    ...(rule === "" ? [] : [{ text: rule, x: 60, y }]),
    { text: reason, x: 250, y },
  ]);
  expect((await parse([cells])).text).toBe(
    "Rule | Reason\nKeep clear of the quay | Cranes swing loads over it during the day\nNo swimming | Currents are strong near the wall",
  );
});

test("columns that stand close are told apart, years name columns, and marks with hanging text are a list", async () => {
  const close = [
    ["No", "Item", "2024"],
    ["1", "Rope", "7"],
    ["2", "Anchor chain", "1"],
    ["3", "Buoy", "12"],
  ];
  const { text, blocks } = await parse([rowsAt([60, 82, 149], 740, close)]);
  expect(text).toBe("No | Item | 2024\n1 | Rope | 7\n2 | Anchor chain | 1\n3 | Buoy | 12");
  expect(blocks).toMatchObject([{ head: "No | Item | 2024" }]);
  const steps = ["Untie the rope of the ship", "Wait until the crew is on deck"].flatMap((step, index) => [
    { text: `${index + 1}.`, x: 60, y: 740 - 24 * index },
    { text: step, x: 80, y: 740 - 24 * index },
    { text: "and look back once.", x: 80, y: 728 - 24 * index },
  ]);
  expect((await parse([steps])).text).toBe(
    "1. Untie the rope of the ship and look back once.\n2. Wait until the crew is on deck and look back once.",
  );
});

test("a cell that reaches over two rows counts for both", async () => {
  const grid: [string, number, number][] = [
    ["Pier", 60, 740],
    ["Day", 150, 740],
    ["Fee", 250, 740],
    ["Sunday", 150, 720],
    ["4", 250, 720],
    ["North", 60, 712],
    ["Monday", 150, 704],
    ["3", 250, 704],
  ];
  const { text } = await parse([grid.map(([text, x, y]) => ({ text, x, y }))]);
  expect(text).toBe("Pier | Day | Fee\nNorth | Sunday | 4\nNorth | Monday | 3");
});

test.each([
  ["a wide page", { width: 842, height: 595, drawn: rowsAt([100, 300, 500], 500, fares) }],
  [
    "a page that is turned",
    {
      rotate: 90 as const,
      drawn: rowsAt([100, 300, 500], 400, fares).map(({ text, x, y }) => ({
        text,
        x: 595 - y,
        y: x,
        turned: 1 as const,
      })),
    },
  ],
  [
    "a table that is printed sideways",
    rowsAt([100, 300, 500], 400, fares).map(({ text, x, y }) => ({
      text,
      x: 595 - y,
      y: x,
      turned: 1 as const,
    })),
  ],
] satisfies [string, MadePage][])("%s is read by its rows", async (_what, page) => {
  const { text, headings } = await parse([page]);
  expect(text).toBe(faresText);
  expect(headings).toEqual([]);
});

test("a table that goes on over the page keeps its head, and each passage its page", async () => {
  const berths = (from: number): string[][] =>
    Array.from({ length: 40 }, (_, index) => [`B${from + index}`, `${index + 2} m`, `${index} euros`]);
  const head = ["Berth", "Depth", "Fee"];
  const parsed = await parse([
    rowsAt([60, 200, 300], 780, [head, ...berths(0)]),
    rowsAt([60, 200, 300], 780, berths(40)),
  ]);
  const chunks = chunkDocument({ ...parsed, id: "a.pdf", hash: "" }, { targetTokens: 60 });
  const last = chunks.at(-1)!;
  expect(last).toMatchObject({ tableHead: "Berth | Depth | Fee", page: 2 });
  expect(chunks.every(({ text, tableHead }) => (tableHead ?? text).startsWith("Berth | Depth | Fee"))).toBe(
    true,
  );
});

test("what was filled into a form stands beside what was asked", async () => {
  const { text } = await parse([
    {
      drawn: [
        { text: "Name of the owner:", x: 60, y: 740 },
        { text: "Length of the boat:", x: 60, y: 710 },
      ],
      fields: [
        { name: "owner", value: "Ida Brandt", x: 170, y: 736 },
        { name: "length", value: "11.5 m", x: 170, y: 706 },
      ],
    },
  ]);
  expect(text).toBe("Name of the owner: | Ida Brandt\nLength of the boat: | 11.5 m");
});

test("a Japanese font that is not in the file is read by the library's character maps", async () => {
  const { text } = await parse([
    [{ text: "", shiftJis: "93fc8fea97bf82cd8cdc9553897e82c582b78142", x: 60, y: 740 }],
  ]);
  expect(text).toBe("入場料は五百円です。");
});

test("divided words are joined at a line's and a page's end; a word with a hyphen of its own keeps it", async () => {
  const { text, pages } = await parse([
    [
      { text: "A mixed-use pier. Passengers bring life jac-", x: 60, y: 104 },
      { text: "kets, and a mixed-", x: 60, y: 92 },
      { text: "use crew checks the buck\u00ad", x: 60, y: 80 },
    ],
    [{ text: "les before the ship leaves the harbour.", x: 60, y: 780 }],
  ]);
  expect(text).toBe(
    "A mixed-use pier. Passengers bring life jackets, and a mixed-use crew checks the buckles\n\nbefore the ship leaves the harbour.",
  );
  expect(pages).toEqual([0, text.indexOf("before")]);
});

test("raised and lowered figures, and links beside the words", async () => {
  const { text, links } = await parse([
    {
      drawn: [
        { text: "Plan:", x: 20, y: 740 },
        { text: "The area is 10", x: 60, y: 740 },
        { text: "3", x: 123, y: 744, size: 6 },
        { text: " square metres of H", x: 127, y: 740 },
        { text: "2", x: 212.5, y: 737, size: 6 },
        { text: "O. See ", x: 216, y: 740 },
        { text: "the plan", x: 248, y: 740 },
        { text: " for more.", x: 286, y: 740 },
      ],
      links: [{ href: "https://harbour.example/plan", x: 248, y: 740, width: 37 }],
    },
  ]);
  expect(text).toBe("Plan: The area is 10^3 square metres of H2O. See the plan for more.");
  expect(links).toEqual([{ start: 49, end: 57, href: "https://harbour.example/plan" }]);
});

test("headings are told by their size; a title that a program made of the file's name is none", async () => {
  const page: Drawn[] = [
    { text: "Dogs on board", x: 60, y: 780, size: 18 },
    { text: "Leads", x: 60, y: 740, size: 13 },
    { text: "Dogs are kept on a lead at all times.", x: 60, y: 720 },
  ];
  const parsed = await parse([page], "Microsoft Word - dogs_v3 final.doc");
  expect(parsed.title).toBe("Dogs on board");
  expect(parsed.headings.map(({ level, text }) => `${level} ${text}`)).toEqual([
    "1 Dogs on board",
    "2 Leads",
  ]);
  expect((await parse([page.slice(2)], "dogs_v3.doc")).title).toBe("Harbour rules");
  expect((await parse([page], "Rules for pets")).title).toBe("Rules for pets");
});

test("running headers and page numbers go; what the last lines of columns have in common stays", async () => {
  const { text } = await parse(
    [1, 2, 3].map((page) => [
      { text: "Harbour handbook", x: 60, y: 810, size: 8 },
      ...column([`On page ${page} the`, ...left.slice(1)], 60, 740),
      ...column([...right.slice(0, 5), "boat"], 320, 740),
      { text: `${page}`, x: 300, y: 30, size: 8 },
    ]),
  );
  expect(text.match(/Harbour handbook/g)).toHaveLength(1);
  expect(text.match(/^boat$/gm)).toHaveLength(3);
  expect(text).not.toMatch(/^\d$/m);
});

const scan = new Uint8Array(
  readFileSync(
    new URL(
      "../../../../shared/data/ingest_docs/unstructured__table-multi-row-column-cells.pdf",
      import.meta.url,
    ),
  ),
);

test(
  "a scan is left out for what it is, or read where a language is given",
  { timeout: 60_000 },
  async () => {
    await expect(parsePdf(scan, "scan.pdf", defaultParseOptions)).rejects.toMatchObject({
      code: "LORAG_NO_TEXT",
    });
    const read = await parsePdf(scan, "scan.pdf", { ...defaultParseOptions, ocr: ["eng"] });
    expect(read.text).toContain("Low Vision");
    expect(read.text).toContain("1716 sec");
    expect(read.warnings).toEqual(["A page's text was recognised from its picture, and may have mistakes."]);
    await expect(parsePdf(scan, "scan.pdf", { ...defaultParseOptions, ocr: ["xyz"] })).rejects.toMatchObject({
      code: "LORAG_NO_OCR",
    });
  },
);

test("text that nobody sees is left out and told", async () => {
  const white = { before: "1 1 1 rg", after: "0 g" };
  const { text, warnings } = await parse([
    [
      { text: "Dogs pay 5 euros.", x: 60, y: 740 },
      { text: "White on white.", x: 60, y: 720, ...white },
      { text: "White on a bar.", x: 60, y: 700, before: "0 g 50 690 300 25 re f 1 g", after: "0 g" },
      { text: "White on a line.", x: 60, y: 670, before: "0 G 30 w 50 673 m 300 673 l S 1 g", after: "0 g" },
      { text: "Grey on grey.", x: 60, y: 640, before: "0.5 g 50 630 300 25 re f 0.5 g", after: "0 g" },
      { text: "Never drawn.", x: 60, y: 600, before: "3 Tr", after: "0 Tr" },
      { text: "Under a bar.", x: 60, y: 570, after: "50 560 300 25 re f" },
      { text: "Beside the page.", x: 700, y: 540 },
      { text: "Half of it", x: 60, y: 500 },
      { text: " white", x: 103, y: 500, ...white },
    ],
  ]);
  expect(text.split(/\n+/)).toEqual([
    "Dogs pay 5 euros.",
    "White on a bar.",
    "White on a line.",
    "Half of it",
  ]);
  expect(warnings).toEqual([
    'Hidden text (white on white) was left out: "White on white. white".',
    'Hidden text (in the colour of its background) was left out: "Grey on grey.".',
    'Hidden text (drawn invisibly) was left out: "Never drawn.".',
    'Hidden text (covered) was left out: "Under a bar.".',
    'Hidden text (outside the page) was left out: "Beside the page.".',
  ]);
  const kept = await parsePdf(makePdf([[{ text: "White on white.", x: 60, y: 720, ...white }]]), "a.pdf", {
    ...defaultParseOptions,
    keepHidden: true,
  });
  expect(kept.text).toBe("White on white.");
});

test("what a program read from a scan, and put over its picture, is the page's text", async () => {
  const scan = "q 595 0 0 842 0 0 cm /Im Do Q 3 Tr";
  const { text, warnings } = await parse([
    [
      { text: "Dogs pay 5 euros on the ferry.", x: 60, y: 740, before: scan },
      { text: "Cats pay 2 euros.", x: 60, y: 728, after: "0 Tr" },
      { text: "Seen 3 May", x: 400, y: 60 },
    ],
  ]);
  expect(text).toContain("Dogs pay 5 euros on the ferry.\nCats pay 2 euros.");
  expect(warnings).toBeUndefined();
});

test("lowered figures belong to their word, whatever the gap, and raised ones are powers", async () => {
  const { text } = await parse([
    [
      { text: "About 10", x: 60, y: 740, size: 12 },
      { text: "3", x: 108, y: 745, size: 7 },
      { text: "litres of H", x: 115, y: 740, size: 12 },
      { text: "2", x: 175, y: 737, size: 7 },
      { text: "O, and CO", x: 181, y: 740, size: 12 },
      { text: "2", x: 238, y: 737, size: 7 },
      { text: "emissions", x: 246, y: 740, size: 12 },
    ],
  ]);
  expect(text).toBe("About 10^3 litres of H2O, and CO2 emissions");
});
