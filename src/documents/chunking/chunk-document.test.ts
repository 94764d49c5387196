import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Document } from "../../contracts/index.ts";
import { parseMarkdown } from "../markdown/parse-markdown.ts";
import { defaultParseOptions } from "../parser.ts";
import { chunkDocument } from "./chunk-document.ts";
import { chunkHeader, chunkText } from "./render-chunk.ts";
import { estimateTokens } from "./count-tokens.ts";

async function documentOf(text: string): Promise<Document> {
  const parsed = await parseMarkdown(Buffer.from(text), "doc.md", defaultParseOptions);
  return { id: "doc.md", hash: "0", ...parsed };
}

/** Half of a character outside the basic plane. */
const halfSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Markdown with every trouble: headings of all levels, empty sections, long runs, scripts without spaces. */
const block = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((level) => `${"#".repeat(level)} Heading ${level}`),
  fc.lorem({ maxCount: 60, mode: "words" }),
  fc.lorem({ maxCount: 20, mode: "sentences" }),
  fc.constantFrom(
    "x".repeat(5000),
    "漢字".repeat(300),
    "😀".repeat(400),
    "a. ".repeat(500),
    "รถโดยสารออกทุกสิบนาที".repeat(60),
    "ກະລຸນາຢ່າ".repeat(100),
    "សូមកុំចុះចេញ".repeat(100),
    "ကျေးဇူးပြု၍".repeat(100),
    "ཁྱེད་རང་".repeat(200),
    "\n\n\n",
    "| a | b |",
    " ",
    "It ended.[15] In 1972 it began! [2] Then more.[note 3][4]\n[5] A note. ".repeat(20),
  ),
  fc.string({ unit: "grapheme", maxLength: 300 }),
);
const source = fc
  .array(block, { minLength: 1, maxLength: 12 })
  .map((blocks) => `x\n\n${blocks.join("\n\n")}`);

test("chunks cover everything but white space once, in order, with exact offsets", async () => {
  await fc.assert(
    fc.asyncProperty(source, fc.constantFrom(20, 80, 200), async (text, targetTokens) => {
      const document = await documentOf(text);
      const chunks = chunkDocument(document, { targetTokens });
      let end = 0;
      for (const chunk of chunks) {
        expect(document.text.slice(chunk.start, chunk.end)).toBe(chunk.text);
        expect(document.text.slice(end, chunk.start).trim()).toBe("");
        expect(chunk.text).toBe(chunk.text.trim());
        expect(chunk.text).not.toMatch(halfSurrogate);
        end = chunk.end;
      }
      expect(document.text.slice(end).trim()).toBe("");
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length);
    }),
    { numRuns: 150 },
  );
});

test("no chunk is much larger than asked for", async () => {
  await fc.assert(
    fc.asyncProperty(source, async (text) => {
      for (const chunk of chunkDocument(await documentOf(text), { targetTokens: 80 })) {
        expect(estimateTokens(chunk.text)).toBeLessThanOrEqual(80 + 8); // joints between pieces count, too
      }
    }),
    { numRuns: 100 },
  );
});

/** One token for each run of letters, as of words that a vocabulary lacks; each byte a token; the estimate. */
const counts = {
  runs: (text: string) => text.match(/\S+/g)?.length ?? 0,
  bytes: (text: string) => Buffer.byteLength(text),
  estimate: estimateTokens,
};

test("no chunk is over the limit with its header, however long the title is and whatever counts", async () => {
  const title = fc.oneof(
    fc.constantFrom(
      "Fares",
      "ที่จอดรถ".repeat(200),
      "x".repeat(3000),
      "Rules of the house ".repeat(90),
      "",
      "漢字".repeat(90),
    ),
    fc.string({ unit: "grapheme", maxLength: 400 }),
  );
  const limits = fc.constantFrom([40, 64], [200, 254], [512, 254]);
  const count = fc.constantFrom(...Object.values(counts));
  await fc.assert(
    fc.asyncProperty(
      source,
      title,
      limits,
      count,
      async (text, title, [targetTokens, limitTokens], countTokens) => {
        const document = { ...(await documentOf(text)), title };
        let last = 0;
        for (const chunk of chunkDocument(document, { targetTokens, limitTokens, countTokens })) {
          const shown = chunkText(chunk);
          expect(countTokens(shown)).toBeLessThanOrEqual(limitTokens!);
          const thai = shown.match(/[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]/g)?.length ?? 0;
          expect(Math.ceil(thai / 3)).toBeLessThanOrEqual(limitTokens!);
          expect(document.text.slice(last, chunk.start).trim()).toBe("");
          last = chunk.end;
        }
        expect(document.text.slice(last).trim()).toBe("");
      },
    ),
    { numRuns: 150 },
  );
});

test("a long title is cut at a word, to a third of what a chunk may have", async () => {
  const title = "The whole history of the ferry ".repeat(30).trim();
  const chunks = chunkDocument(
    { ...(await documentOf("# A\n\nIt sails at 7.")), title },
    { limitTokens: 90 },
  );
  expect(estimateTokens(chunkHeader(chunks[0]!))).toBeLessThanOrEqual(30);
  expect(chunks[0]!.title).toMatch(/^The whole history of the ferry The whole .*[a-z]…$/);
  expect(chunks[0]!.text).toContain("It sails at 7.");
});

test("sections stand by themselves; a bare heading goes with what follows; tiny ones join", async () => {
  const words = (count: number) => "word ".repeat(count).trim();
  const document = await documentOf(
    `# Title\n\n## One\n\n${words(100)}\n\n## Two\n\n### Deep\n\n${words(90)}\n\n### Deeper\n\nShort.\n\n## Three\n\n${words(200)}`,
  );
  const chunks = chunkDocument(document);
  expect(chunks.map((chunk) => chunkHeader(chunk))).toEqual([
    "Title > One",
    "Title > Two > Deep",
    "Title > Three",
    "Title > Three",
  ]);
  expect(chunks[0]!.text.startsWith("# Title\n\n## One")).toBe(true);
  expect(chunks[1]!.text).toContain("Short.");
});

test("a footnote's mark stays with the sentence before it, unless it begins a line", async () => {
  const marks = ["[15]", " [15]", "[2, 3]", "[15][16]", "[note 4]", "[^5]"];
  for (const mark of marks) {
    const document = await documentOf(
      `The first voyage of the ferry ended badly.${mark} In 1972 it was sold.`,
    );
    expect(chunkDocument(document, { targetTokens: 16 }).map(({ text }) => text)).toEqual([
      `The first voyage of the ferry ended badly.${mark}`,
      "In 1972 it was sold.",
    ]);
  }
  const notes = await documentOf(
    "[1] Berg, The ferries of the coast, 1980.\n[2] Holm, Tides and their tables, 1991.",
  );
  expect(chunkDocument(notes, { targetTokens: 14 }).map(({ text }) => text.slice(0, 8))).toEqual([
    "[1] Berg",
    "[2] Holm",
  ]);
});

test("a passage keeps its id when text after it changes, and loses it when its own text does", async () => {
  const ids = async (tail: string) =>
    chunkDocument(await documentOf(`# A\n\n${"First. ".repeat(60)}\n\n# B\n\n${tail}`)).map(({ id }) => id);
  expect((await ids("old ".repeat(90)))[0]).toBe((await ids("new ".repeat(90)))[0]);
  expect((await ids("old ".repeat(90)))[1]).not.toBe((await ids("new ".repeat(90)))[1]);
});

test.each([
  ["one long word", "x"],
  ["sentence ends", ". "],
  ["brackets", ")"],
  ["line ends", "\n"],
  ["blank lines", "a\n\n"],
  ["headings", "# a\n"],
  ["fences", "```\n"],
  ["combining marks", "e\u0301\u0323"],
  ["emoji families", "👩‍👩‍👧"],
])("%s without end: ten times the text is at most fifteen times the work", async (_, unit) => {
  const work = async (size: number): Promise<number> => {
    let characters = 0;
    const countTokens = (text: string): number => {
      characters += text.length;
      return estimateTokens(text);
    };
    chunkDocument(await documentOf(`x${unit.repeat(size / unit.length)}`), { countTokens });
    return characters;
  };
  expect(await work(250_000)).toBeLessThanOrEqual(Math.max(15 * (await work(25_000)), 1_000_000));
});

test("each passage of a long table carries its head; offsets point at the rows", async () => {
  const rows = Array.from({ length: 40 }, (_, row) => `| Item ${row} | ${row} | red | box ${row} |`);
  const document = await documentOf(
    ["# Stock", "", "| Item | No | Colour | Place |", "|---|---|---|---|", ...rows].join("\n"),
  );
  const chunks = chunkDocument(document, { targetTokens: 128 });
  expect(chunks.length).toBeGreaterThan(2);
  for (const chunk of chunks) {
    expect(document.text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(`${chunkHeader(chunk)}\n${chunk.text}`).toContain("| Item | No | Colour | Place |");
  }
  expect(chunks[1]!.text).toMatch(/^\| Item \d/);
});

test("sections of one rank are siblings, and a passage knows which of its sentences stands under which", async () => {
  const document = await documentOf("## 2.4.0\n\nNew dogs.\n\n## 2.3.1\n\nOld cats.");
  const [chunk] = chunkDocument(document);
  expect(document.title).toBe("Doc");
  expect(chunk!.parts?.map(({ headings }) => headings)).toEqual([["2.4.0"], ["2.3.1"]]);
});
