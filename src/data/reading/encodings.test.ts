import { expect, test } from "vitest";
import { LoragError } from "../../contracts/index.ts";
import { memorySource } from "../../platform/index.ts";
import { readExamples } from "./read-examples.ts";

const read = (name: string, content: Uint8Array) => readExamples(memorySource(content, name), name);

const rows = [
  ["Où est l'entrée du musée ?", "À côté de la gare, près du café."],
  ["Wie viel kostet es für Kinder?", "Für Kinder unter sechs Jahren ist es frei – “wirklich”."],
] as const;
const tables = ["csv", "tsv"] as const;
const written = {
  csv: `question,answer\r\n${rows.map(([q, a]) => `"${q}","${a}"\r\n`).join("")}`,
  tsv: `question\tanswer\n${rows.map(([q, a]) => `${q}\t${a}\n`).join("")}`,
  jsonl: rows.map(([prompt, completion]) => `${JSON.stringify({ prompt, completion })}\n`).join(""),
  json: JSON.stringify(
    rows.map(([prompt, completion]) => ({ prompt, completion })),
    null,
    2,
  ),
  txt: rows.map(([q, a]) => `Q: ${q}\nA: ${a}\n`).join("\n"),
};
type Extension = keyof typeof written;

/** Excel's, on Windows: its curly quotation marks and dashes are no Latin-1. */
const windows1252 = (text: string): Buffer =>
  Buffer.from(
    text.replace(/[–“”]/g, (sign) => String.fromCharCode({ "–": 0x96, "“": 0x93, "”": 0x94 }[sign]!)),
    "latin1",
  );

const encodings: [string, (text: string) => Uint8Array][] = [
  ["UTF-8 with a mark", (text) => Buffer.from(`\uFEFF${text}`)],
  ["UTF-16LE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16LE without", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16BE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ["UTF-16BE without", (text) => Buffer.from(text, "utf16le").swap16()],
  ["windows-1252", windows1252],
];

test.each(encodings)("examples in %s are read, whatever their format", async (encoding, encode) => {
  for (const extension of Object.keys(written) as Extension[]) {
    const { examples, warnings } = await read(`a.${extension}`, encode(written[extension]));
    expect(examples.map(({ prompt, completion }) => [prompt.at(-1)!.content, completion])).toEqual(rows);
    // An encoding that only its letters show is told.
    expect(warnings).toEqual(
      encoding === "windows-1252"
        ? [
            {
              code: "LORAG_ENCODING_GUESSED",
              message: `a.${extension}: Its encoding was guessed to be windows-1252.`,
            },
          ]
        : [],
    );
  }
});

test("the first byte that is no UTF-8 may stand past the first piece of the file", async () => {
  const filler = `${JSON.stringify({ prompt: "What is it?", completion: "x".repeat(100_000) })}\n`;
  const { examples } = await read("a.jsonl", windows1252(filler.repeat(12) + written.jsonl));
  expect(examples.slice(-2).map(({ completion }) => completion)).toEqual(rows.map(([, answer]) => answer));
});

const refusal = async (name: string, content: Uint8Array) => {
  const error = await read(name, content).catch((error: unknown) => error);
  return error instanceof LoragError ? [error.code, error.message] : error;
};

test("a byte that is lost in UTF-8, and letters that no encoding makes words of, are named by their line", async () => {
  for (const extension of [...tables, "jsonl"] as const) {
    const [code, message] = (await refusal(
      `a.${extension}`,
      Buffer.concat([Buffer.from(written[extension]), Buffer.from([0xe9, 0x0a])]),
    )) as [string, string];
    expect(code).toBe("LORAG_NOT_UTF8");
    expect(message).toContain("has the byte 0xE9");
  }
  const mixed = Buffer.concat([Buffer.from('{"prompt": "Là où'), windows1252('ù ?", "completion": "é"}\n')]);
  expect(await refusal("a.jsonl", mixed)).toContain("LORAG_NOT_UTF8");
  const noise = Buffer.from('{"prompt": "P", "completion": "\x81\x8d\x8f\x90\x9d"}\n', "latin1");
  expect(await refusal("a.jsonl", noise)).toContain("LORAG_NOT_UTF8");
});

test("UTF-16 that was cut off is refused, and a picture is no text", async () => {
  const marked = Buffer.from(`\uFEFF${written.csv}`, "utf16le").subarray(0, -1);
  expect(await refusal("a.csv", marked)).toEqual([
    "LORAG_DAMAGED_TEXT",
    "a.csv cannot be read: it is marked as UTF-16LE, but is damaged or cut off",
  ]);
  const jpeg = Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303", "hex");
  expect(await refusal("a.jsonl", jpeg)).toContain("LORAG_BINARY");
});
