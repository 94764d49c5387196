import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeZip } from "../platform/zip.case.ts";
import { asNobody } from "../platform/faults.case.ts";
import { readDocuments } from "./read-documents.ts";

const shared = new URL("../../../shared/data/ingest_docs", import.meta.url).pathname;

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "lorag-documents-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** What each file comes to: a passage that its text must hold, or the code of the reason for leaving it out. */
const outcomes: Record<string, string> = {
  "docling__2305.03393v1-pg9.pdf": "6 | 6 | HTML | 0.969",
  "docling__csv-too-many-columns.csv": "a | b | c | d | e",
  "docling__html_rich_table_cells.html": "Name | Habitat | Comment",
  "docling__legacy_sample.doc": "LORAG_UNSUPPORTED_FORMAT",
  "docling__nested.md": "\t\t- abc1234",
  "docling__ocr_test.pdf": "LORAG_NO_TEXT",
  "mammoth.js__empty.docx": "LORAG_EMPTY_DOCUMENT",
  "mammoth.js__strict-format.docx": "Test",
  "mammoth.js__tables.docx": "Top left | Top right\nBottom left | Bottom right",
  "markitdown__MEDRPT-2024-PAT-3847_medical_report_scan.pdf": "LORAG_NO_TEXT",
  "markitdown__REPAIR-2022-INV-001_multipage.md": "Certified Collision Repair",
  "markitdown__REPAIR-2022-INV-001_multipage.pdf": "Body Labor |  | 2 | 150 | 300",
  "markitdown__equations.docx": "The angle is",
  "markitdown__random.bin": "LORAG_UNSUPPORTED_FORMAT",
  "markitdown__test.docx": "AutoGen",
  "markitdown__test.epub": "Here's a second chapter with a different style.",
  "markitdown__test.pptx": "a3f6004b-6f4f-4ea8-bee3-3741f4dc385f",
  "markitdown__test.xls": "LORAG_UNSUPPORTED_FORMAT",
  "markitdown__test.xlsx": "58 | 6ff4173b-42a5-4784-9b19-f49caff4d93d | 22 | 9",
  "markitdown__test_blog.html": "tuning the inference parameters",
  "markitdown__test_outlook_msg.msg": "This is the body of the test email message",
  "markitdown__test_wikipedia.html": "founded by Bill Gates and Paul Allen",
  "pdf.js__ArabicCIDTrueType.pdf": "العربية",
  "pdf.js__empty_protected.pdf": "LORAG_EMPTY_DOCUMENT",
  "pdf.js__helloworld-bad.pdf": "Hello, world!",
  "pdf.js__scan-bad.pdf": "LORAG_NO_TEXT",
  "pdf.js__tracemonkey_a11y.pdf": "Dynamic languages such as JavaScript",
  "tika__english.cp500.txt": "LORAG_UNKNOWN_ENCODING",
  "tika__testArabicMisleadingCharset.html": "في قرية من القرى كان هناك رجل حكيم",
  "tika__testTXT_win-1252.txt": "“windows”",
  "tika__testWORD_protected_passtika.docx": "LORAG_ENCRYPTED",
  "tika__testZIP_corrupted_oom.zip": "LORAG_UNSUPPORTED_FORMAT",
  "unstructured__UDHR_first_article_all.txt": "Tous les êtres humains naissent libres",
  "unstructured__copy-protected.pdf": "LayoutParser: A Unified Toolkit",
  "unstructured__fake-email-attachment.eml": "Here's the attachments!",
  "unstructured__fake-power-point-table.pptx": "Purple | Orange | Yellow",
  "unstructured__fake-text-utf-16-le.txt": "Hamburgers are delicious",
  "unstructured__korean-text-with-tables.pdf": "적립 제외 대상",
  "unstructured__multi-column-2p.pdf": "Dense Passage Retrieval for Open-Domain Question Answering",
  "unstructured__password.pdf": "LORAG_ENCRYPTED",
  "unstructured__password_protected.xlsx": "LORAG_ENCRYPTED",
  "unstructured__simple.odt": "This is my first thought. This is my second thought.",
  "unstructured__table-multi-row-column-cells-actual.csv": "Blind | 5 | 1 | 4 | 34.5%, n=1 | 1199 sec, n=1",
  "unstructured__table-multi-row-column-cells.pdf": "LORAG_NO_TEXT",
  "unstructured__umlauts-utf8.md": "äöüß",
};

test("45 real files: each is read, or left out for the right reason", async () => {
  const steps: number[] = [];
  const { documents, skipped } = await readDocuments(shared, { onProgress: ({ done }) => steps.push(done) });
  expect(steps.length).toBe(documents.length + skipped.length);
  const texts = new Map(documents.map((document) => [document.id, document.text]));
  const codes = new Map(skipped.map((document) => [document.id, document.code]));
  const found = Object.entries(outcomes).map(([name, expected]) => [
    name,
    texts.get(name)?.includes(expected) ? expected : (codes.get(name) ?? texts.get(name)?.slice(0, 200)),
  ]);
  expect(Object.fromEntries(found)).toEqual(outcomes);
  expect(Object.keys(outcomes)).toHaveLength(45);
  for (const { text, headings } of documents) {
    for (const heading of headings) {
      expect(text.slice(heading.start)).toContain(heading.text.split(" ")[0]);
      expect(heading.start === 0 || text[heading.start - 1] === "\n").toBe(true);
    }
  }
  const tracemonkey = documents.find(({ id }) => id.includes("tracemonkey"))!;
  expect(tracemonkey.title).toBe("Trace-based Just-in-Time Type Specialization for Dynamic Languages");
  expect(tracemonkey.headings.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["Abstract", "1. Introduction"]),
  );
});

test("damaged and mislabelled files are left out with a reason and the rest goes on", async () => {
  const pdf = Buffer.from("%PDF-1.4\n%%EOF");
  const folder = folderOf({
    "good.md": "# Good\n\nText.",
    "empty.md": "",
    "blank.txt": " \n\n ",
    "binary.txt": Uint8Array.from({ length: 4000 }, (_, index) => (index * 197) % 256),
    "cut.txt": Buffer.from("Ärger über Öl und Übermut, größer als ß").subarray(0, -1),
    "page.pdf": "<html><body>404 not found</body></html>",
    "really-a-page.txt": "<!doctype html><html><body><h1>Hours</h1><p>Open at nine.</p></body></html>",
    "broken.pdf": pdf,
    "broken.docx": Buffer.from("PK\x03\x04 and then nothing of use"),
    "sub/other.text": "Plain.",
  });
  const { documents, skipped } = await readDocuments(folder);
  expect(documents.map(({ id, title }) => [id, title])).toEqual([
    ["good.md", "Good"],
    ["really-a-page.txt", "Hours"],
    ["sub/other.text", "Other"],
  ]);
  expect(Object.fromEntries(skipped.map(({ id, code }) => [id, code]))).toEqual({
    "empty.md": "LORAG_EMPTY_DOCUMENT",
    "blank.txt": "LORAG_EMPTY_DOCUMENT",
    "binary.txt": "LORAG_BINARY",
    "cut.txt": "LORAG_DAMAGED_TEXT",
    "page.pdf": "LORAG_MISLABELLED",
    "broken.pdf": "LORAG_UNREADABLE",
    "broken.docx": "LORAG_BAD_ARCHIVE",
  });
});

test("bytes after the end of a PDF are let pass; a PDF that is cut off is left out", async () => {
  const whole = readFileSync(join(shared, "docling__2305.03393v1-pg9.pdf"));
  const changed = readFileSync(join(shared, "markitdown__REPAIR-2022-INV-001_multipage.pdf"));
  const forWeb = readFileSync(join(shared, "pdf.js__empty_protected.pdf"));
  const padding = Buffer.from("-- \r\nScanned by the mail server. ".repeat(1000));
  const { documents, skipped } = await readDocuments(
    folderOf({
      "whole.pdf": whole,
      "padded.pdf": Buffer.concat([whole, padding]),
      "cut.pdf": whole.subarray(0, -6000),
      "cut-in-its-end.pdf": whole.subarray(0, whole.lastIndexOf("%%EOF")),
      "cut-in-a-change.pdf": changed.subarray(0, -1000),
      "cut-after-its-first-page.pdf": forWeb.subarray(0, -1000),
    }),
  );
  expect(documents.map(({ id }) => id)).toEqual(["padded.pdf", "whole.pdf"]);
  expect(documents[0]!.text).toBe(documents[1]!.text);
  expect(skipped.map(({ id, code }) => [id, code])).toEqual([
    ["cut-after-its-first-page.pdf", "LORAG_TRUNCATED"],
    ["cut-in-a-change.pdf", "LORAG_TRUNCATED"],
    ["cut-in-its-end.pdf", "LORAG_TRUNCATED"],
    ["cut.pdf", "LORAG_TRUNCATED"],
  ]);
});

test("links that lead nowhere or out, and a folder without permission, are counted as left out", async () => {
  const folder = folderOf({ "good.md": "# Good\n\nText.", "locked/inner.md": "# Inner\n\nText." });
  symlinkSync("moved-away.md", join(folder, "old.md"));
  symlinkSync("/etc/hostname", join(folder, "out.txt"));
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "locked"), 0o000);
  await asNobody(async () => {
    const { documents, skipped } = await readDocuments(folder);
    expect(documents.map(({ id }) => id)).toEqual(["good.md"]);
    expect(Object.fromEntries(skipped.map(({ id, code }) => [id, code]))).toEqual({
      locked: "LORAG_NO_PERMISSION",
      "old.md": "LORAG_LINK",
      "out.txt": "LORAG_LINK",
    });
    await expect(readDocuments(folder, { strict: true })).rejects.toThrow(/3 of 4/);
  });
  chmodSync(join(folder, "locked"), 0o755);
});

test("what other programs leave beside documents is none; a name that is not UTF-8 is named as what it is", async () => {
  const folder = folderOf({
    "good.md": "Text.",
    "~$rules.docx": "lock",
    "Thumbs.db": "x",
    ["__proto__"]: "Plain.",
  });
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff]), Buffer.from(".txt")]), "x");
  const { documents, skipped } = await readDocuments(folder);
  expect(documents.map(({ id }) => id)).toEqual(["__proto__", "good.md"]);
  expect(skipped).toMatchObject([{ id: "bad\ufffd.txt", code: "LORAG_FILE_NAME" }]);
});

test("strict refuses, once every file has been looked at", async () => {
  const folder = folderOf({
    "good.md": "Text.",
    "empty.md": "",
    "table.zip": makeZip([{ name: "a.csv", data: Buffer.from("a,b") }]),
  });
  const refusal = await readDocuments(folder, { strict: true }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "LORAG_SKIPPED_DOCUMENTS", exitCode: 65 });
  expect(String(refusal)).toMatch(/2 of 3 .*empty\.md.*table\.zip/);
});

test("nothing to read is an error that says so", async () => {
  await expect(readDocuments(join(tmpdir(), "lorag-nowhere"))).rejects.toMatchObject({
    code: "LORAG_NOT_FOUND",
  });
  await expect(readDocuments(folderOf({}))).rejects.toMatchObject({ code: "LORAG_NO_DOCUMENTS" });
  await expect(readDocuments(folderOf({ "a.xls": Buffer.from("d0cf11e0", "hex") }))).rejects.toThrow(
    "a.xls (it is named .xls",
  );
});

test("a file that takes too long is given up, and the next one is read", async () => {
  const rows = "<div>".repeat(200_000) + "x";
  const folder = folderOf({ "a.html": rows, "b.html": "<p>Second.</p>", "c.md": "Third." });
  const { documents, skipped } = await readDocuments(folder, { timeLimitMs: 4000 });
  expect(documents.map(({ id }) => id)).toEqual(["b.html", "c.md"]);
  expect(skipped).toHaveLength(1);
});

test("a decompression bomb in a Word document is refused before it is unpacked", async () => {
  const bomb = makeZip([
    { name: "word/document.xml", data: Buffer.alloc(60 * 2 ** 20, "<w:p/>"), declaredSize: 100 },
  ]);
  const { skipped } = await readDocuments(folderOf({ "bomb.docx": bomb, "x.md": "x" }));
  expect(skipped[0]).toMatchObject({
    code: "LORAG_BAD_ARCHIVE",
    reason: expect.stringContaining("too many bytes"),
  });
});

test("a file beyond the size limit is left out unread", async () => {
  const { skipped } = await readDocuments(folderOf({ "a.md": "x".repeat(2000), "b.md": "b" }), {
    sizeLimit: 1000,
  });
  expect(skipped).toMatchObject([{ id: "a.md", code: "LORAG_TOO_LARGE" }]);
});

test("an unchanged file is parsed once; a changed, renamed or damaged entry is parsed again", async () => {
  const folder = folderOf({ "a.md": "# Hours\n\nOpen at nine.", "b.md": "# B" });
  const cacheFolder = folderOf({ "mine.md": "Not of this cache." });
  const first = await readDocuments(folder, { cacheFolder });
  const entry = readdirSync(cacheFolder).find((name) =>
    readFileSync(join(cacheFolder, name), "utf8").includes("nine"),
  );
  // What comes from the cache shows: the entry is edited.
  const path = join(cacheFolder, entry!);
  writeFileSync(path, readFileSync(path, "utf8").replace("nine", "ten"));
  expect((await readDocuments(folder, { cacheFolder })).documents[0]!.text).toContain("ten");
  writeFileSync(path, "{ torn");
  expect((await readDocuments(folder, { cacheFolder })).documents).toEqual(first.documents);
  writeFileSync(join(folder, "a.md"), "Closed.");
  expect((await readDocuments(folder, { cacheFolder })).documents[0]!.text).toBe("Closed.");
  // Of what is gone, nothing stays; what the cache did not write, it leaves alone.
  const kept = readdirSync(cacheFolder).map((name) => readFileSync(join(cacheFolder, name), "utf8"));
  expect(kept).toHaveLength(3);
  expect(kept).toContain("Not of this cache.");
  expect(kept.join()).not.toContain("nine");
});

test("a cache that cannot be written ends the read: it is no fault of the documents", async () => {
  const folder = folderOf({ "a.md": "# Hours\n\nOpen at nine." });
  const cacheFolder = join(folder, "a.md/cache");
  await expect(readDocuments(folder, { cacheFolder })).rejects.toMatchObject({ code: "LORAG_NOT_A_FOLDER" });
});

test("a file that vanishes while others are read is left out", async () => {
  const folder = folderOf({ "a.md": "A.", "b.md": "B.", "c.md": "C." });
  const onProgress = () => rmSync(join(folder, "b.md"), { force: true });
  const { documents, skipped } = await readDocuments(folder, { onProgress });
  expect(documents.map(({ id }) => id)).toEqual(["a.md", "c.md"]);
  expect(skipped).toMatchObject([{ id: "b.md", code: "LORAG_NOT_FOUND" }]);
});

test("a file that may not be read is left out", async () => {
  const folder = folderOf({ "a.md": "A.", "b.md": "B." });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "a.md"), 0);
  const { documents, skipped } = await asNobody(() => readDocuments(folder));
  expect(documents.map(({ id }) => id)).toEqual(["b.md"]);
  expect(skipped).toMatchObject([{ id: "a.md", code: "LORAG_NO_PERMISSION" }]);
});
