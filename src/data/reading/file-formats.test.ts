import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { LoragError, type Dataset } from "../../contracts/index.ts";
import { memorySource } from "../../platform/index.ts";
import { makeZip } from "../../platform/zip.case.ts";
import { xlsxMembers } from "../../documents/office/make-xlsx.case.ts";
import { detectFormat } from "./file-formats.ts";
import { readExamples, readOptions } from "./read-examples.ts";

const read = async (name: string, content: string | Uint8Array, dataset: Partial<Dataset> = {}) => {
  const source = memorySource(typeof content === "string" ? Buffer.from(content) : content, name);
  const { examples } = await readExamples(source, name, readOptions({ path: name, ...dataset }));
  return examples.map(({ id, prompt, completion }) => [id, prompt.at(-1)!.content, completion]);
};
const codeOf = (error: unknown) => (error instanceof LoragError ? error.message : String(error));

const rows = [
  { question: "When?", answer: "At six" },
  { question: "Where, “there”?", answer: "In the\nhall" },
];
const pretty = JSON.stringify(rows, null, 2);

test.each([
  ["an array over many lines", "a.json", pretty],
  ["an array in one line", "a.jsonl", `\uFEFF ${JSON.stringify(rows)}\n`],
  ["objects over many lines", "a.jsonl", rows.map((row) => JSON.stringify(row, null, 2)).join("\n")],
  ["an array inside an object", "a.json", JSON.stringify({ version: "1", data: rows })],
  ["the same over many lines", "a.json", JSON.stringify({ data: rows }, null, 1)],
  ["an array with a comma too many", "a.json", `${pretty.slice(0, -1)},]`],
])("%s", async (_, name, content) => {
  expect(await read(name, content)).toEqual([
    ["a:1", "When?", "At six"],
    ["a:2", "Where, “there”?", "In the\nhall"],
  ]);
});

test("an array that was cut off says where, and so does an item that is no example", async () => {
  await expect(read("a.json", pretty.slice(0, -20)).catch(codeOf)).resolves.toContain(
    "item 2: it does not end",
  );
  await expect(read("a.json", `[${JSON.stringify(rows[0])}, 5, "x]"]`).catch(codeOf)).resolves.toMatch(
    /item 2: not a JSON object: 5\n.*item 3: not a JSON object/,
  );
});

test.each([",", ";", "\t", "|"])("a table parted by %j", async (delimiter) => {
  const table = [
    ["question", "answer", "documents"],
    ["When?", "At six", '"a.md; b.md"'],
    ['"Where, ""there"";\n|?"', "Hall", ""],
  ];
  const text = `\uFEFF${table.map((cells) => cells.join(delimiter)).join("\r\n")}\r\n\r\n`;
  for (const name of ["a.csv", "a.txt"]) {
    expect(await read(name, text)).toEqual([
      ["a:2", "When?", "At six"],
      ["a:3", 'Where, "there";\n|?', "Hall"],
    ]);
  }
});

test("columns of any names, mapped; metadata of a table stands beside", async () => {
  const text = "no,text,category,docs\nq1,When?,time,a.md; b.md\n";
  const source = memorySource(Buffer.from(text), "a.csv");
  const options = readOptions({
    path: "a.csv",
    field_instruction: "text",
    field_output: "category",
    field_id: "no",
    field_documents: "docs",
  });
  expect((await readExamples(source, "a.csv", options)).examples).toEqual([
    {
      id: "q1",
      prompt: [{ role: "user", content: "When?" }],
      completion: "time",
      documents: ["a.md", "b.md"],
    },
  ]);
  await expect(read("a.csv", text).catch(codeOf)).resolves.toContain("field_instruction");
  await expect(
    read("a.csv", text, { field_instruction: "txt", field_output: "category" }).catch(codeOf),
  ).resolves.toContain('row 2: has no "txt" (it has no, text, category, docs)');
});

test("rows of a table that are too long, have no answer or an open quote are told", async () => {
  await expect(read("a.csv", "question,answer\nWhen?,six,seven\nWhere?,\n").catch(codeOf)).resolves.toMatch(
    /row 2: has 3 cells, and the header 2: seven\n.*row 3: answer/,
  );
  await expect(read("a.csv", "question,answer,answer\nWhen?,six,seven\n").catch(codeOf)).resolves.toContain(
    'row 1: two columns are called "answer"',
  );
  await expect(read("a.csv", 'question,answer\n"When?,six\n').catch(codeOf)).resolves.toContain(
    "a quote is not closed",
  );
});

test("plain text of questions and answers; text without them belongs among the documents", async () => {
  expect(
    await read("a.txt", "Q: When?\nA: At six\n\nQuestion: Where,\nplease?\nAnswer: In the\nhall\n"),
  ).toEqual([
    ["a:1", "When?", "At six"],
    ["a:4", "Where,\nplease?", "In the\nhall"],
  ]);
  await expect(read("a.txt", "Once upon a time\nthere was a ferry.").catch(codeOf)).resolves.toContain(
    "`documents` folder",
  );
});

test("a format and a type that are named are not guessed", async () => {
  const line = JSON.stringify({ prompt: "P", completion: "C", question: "Q", answer: "A" });
  expect(await read("a.txt", line, { ds_type: "jsonl", type: "question_answer" })).toEqual([
    ["a:1", "Q", "A"],
  ]);
  expect(await read("a.txt", line)).toEqual([["a:1", "P", "C"]]);
});

test.each([
  ['{"prompt": ', "jsonl"],
  ['{"prompt": "Q",\n{"prompt": "R", "completion": "A"}', "jsonl"],
  ["", "jsonl"],
])("%j in a.jsonl is taken for %s", (text, format) => {
  expect(detectFormat(memorySource(Buffer.from(text), "a.jsonl"))).toBe(format);
});

const workbook = (sheets: Record<string, string>): Uint8Array =>
  makeZip([
    {
      name: "xl/workbook.xml",
      data: `<workbook xmlns:r="r"><sheets>${Object.keys(sheets)
        .map((name, index) => `<sheet name="${name}" sheetId="${index}" r:id="rId${index}"/>`)
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: `<Relationships>${Object.keys(sheets)
        .map((_, index) => `<Relationship Id="rId${index}" Target="worksheets/s${index}.xml"/>`)
        .join("")}</Relationships>`,
    },
    {
      name: "xl/sharedStrings.xml",
      data: "<sst><si><t>question</t></si><si><t>answer</t></si><si><r><t>Wh</t></r><r><t xml:space='preserve'>en? </t></r><rPh><t>x</t></rPh></si></sst>",
    },
    ...Object.values(sheets).map((rows, index) => ({
      name: `xl/worksheets/s${index}.xml`,
      data: `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    })),
  ]);

test("a workbook: shared and inline strings, figures, gaps, and the sheet that is named", async () => {
  const header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>';
  const bytes = workbook({
    one: `${header}<row r="3"><c r="A3" t="s"><v>2</v></c><c r="C3"><f>1+1</f><v>2</v></c></row>`,
    two: `${header}<row r="2"><c r="A2" t="inlineStr"><is><t>How &amp; why?</t></is></c><c r="C2" t="b"><v>1</v></c></row>`,
  });
  expect(await read("a.xlsx", bytes)).toEqual([["a:3", "When? ", "2"]]);
  expect(await read("a.xlsx", bytes, { name: "two" })).toEqual([["a:2", "How & why?", "true"]]);
  await expect(read("a.xlsx", bytes, { name: "three" }).catch(codeOf)).resolves.toBe(
    'a.xlsx has no sheet "three"; it has "one", "two"',
  );
});

test("a workbook's dates, percentages and long numbers are read as they are shown, and an error is no answer", async () => {
  const cell = (at: string, style: number, value: string) => `<c r="${at}" s="${style}"><v>${value}</v></c>`;
  const line = (number: number, answer: string) =>
    `<row r="${number}"><c r="A${number}" t="inlineStr"><is><t>Q${number}</t></is></c>${answer}</row>`;
  const sheet = [
    '<row r="1"><c t="inlineStr"><is><t>question</t></is></c><c t="inlineStr"><is><t>answer</t></is></c></row>',
    line(2, cell("B2", 1, "45413")),
    line(3, cell("B3", 2, "0.25")),
    line(4, cell("B4", 0, "0.30000000000000004")),
  ].join("");
  const xml = (rows: string) =>
    makeZip([
      ...xlsxMembers([{ xml: `<sheetData>${rows}</sheetData>` }], { formats: ["yyyy\\-mm\\-dd", "0%"] }),
    ]);
  expect(await read("a.xlsx", xml(sheet))).toEqual([
    ["a:2", "Q2", "2024-05-01"],
    ["a:3", "Q3", "25%"],
    ["a:4", "Q4", "0.3"],
  ]);
  const failed = line(5, '<c r="B5" t="e"><v>#N/A</v></c>');
  await expect(read("a.xlsx", xml(sheet + failed)).catch(codeOf)).resolves.toContain("row 5: answer");
});

test("Parquet: days without a time, and whole numbers with all their digits", async () => {
  const data = parquetWriteBuffer({
    columnData: [
      { name: "question", data: ["When?", "How many?"], type: "STRING" },
      { name: "answer", data: [2n ** 60n + 1n, 5n], type: "INT64" },
      { name: "day", data: [new Date("2024-05-01"), new Date("2024-05-01T12:30:00Z")], type: "TIMESTAMP" },
    ],
  });
  const { examples } = await readExamples(memorySource(new Uint8Array(data), "a"), "a.parquet");
  expect(examples.map(({ completion, metadata }) => [completion, metadata?.["day"]])).toEqual([
    ["1152921504606846977", "2024-05-01"],
    ["5", "2024-05-01T12:30:00.000Z"],
  ]);
});

test("Parquet: texts, figures and lists of messages; a file that was cut off is told", async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "prompt", data: Array.from({ length: 2500 }, (_, i) => `Q${i}`) },
        { name: "completion", data: Array.from({ length: 2500 }, (_, i) => i), type: "INT64" as const },
      ].map((column) => ({
        ...column,
        data: column.type ? column.data.map((value) => BigInt(value)) : column.data,
      })),
    }),
  );
  const examples = await read("a.parquet", bytes);
  expect(examples).toHaveLength(2500);
  expect(examples[2499]).toEqual(["a:2500", "Q2499", "2499"]);
  const messages = [rows, rows].map(() => [
    { role: "user", content: "Q" },
    { role: "assistant", content: "A" },
  ]);
  const chats = parquetWriteBuffer({ columnData: [{ name: "messages", data: messages }] });
  expect(await read("a.parquet", new Uint8Array(chats))).toEqual([
    ["a:1", "Q", "A"],
    ["a:2", "Q", "A"],
  ]);
  await expect(read("a.parquet", bytes.slice(0, 500)).catch(codeOf)).resolves.toContain("cannot be read");
});

test("a file of hundreds of megabytes is read in little memory", () => {
  // The child makes the content up as it is asked for it.
  const child = spawnSync(
    process.execPath,
    [
      "--max-old-space-size=80",
      "--import",
      import.meta.resolve("tsx"),
      join(import.meta.dirname, "read-large.case.ts"),
    ],
    { encoding: "utf8" },
  );
  expect(child.stderr).toBe("");
  expect(child.stdout.trim().split("\n")).toEqual(["jsonl 5000", "json 5000", "csv 5000"]);
});

test("JSON is cut into its values wherever the pieces of the file end", async () => {
  const values = [
    { prompt: 'a "b" \\ c', completion: "{[," },
    { prompt: "\\\\", completion: '\\"]' },
  ];
  const text = JSON.stringify(values);
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < text.length; cut++) {
    // As if a piece ended at `cut`: what is before it is filled up with space.
    const gap = " ".repeat(2 ** 20 - cut);
    const source = memorySource(Buffer.concat([Buffer.from(gap), bytes]), "a.json");
    const { examples } = await readExamples(source, "a.json", { format: "json" });
    expect(examples.map(({ prompt, completion }) => ({ prompt: prompt[0]!.content, completion }))).toEqual(
      values,
    );
  }
});
