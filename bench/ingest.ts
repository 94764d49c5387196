import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDocuments } from "../src/documents/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";

const folder = fileURLToPath(new URL("../../shared/data/ingest_docs", import.meta.url));

/** Why a file cannot be read; every other one must be. The passwords of the encrypted ones are given. */
const unreadable: Record<string, string> = {
  "docling__legacy_sample.doc": "LORAG_UNSUPPORTED_FORMAT",
  "docling__ocr_test.pdf": "LORAG_NO_TEXT",
  "mammoth.js__empty.docx": "LORAG_EMPTY_DOCUMENT",
  "markitdown__MEDRPT-2024-PAT-3847_medical_report_scan.pdf": "LORAG_NO_TEXT",
  "markitdown__random.bin": "LORAG_UNSUPPORTED_FORMAT",
  "markitdown__test.xls": "LORAG_UNSUPPORTED_FORMAT",
  "pdf.js__empty_protected.pdf": "LORAG_EMPTY_DOCUMENT",
  "pdf.js__scan-bad.pdf": "LORAG_NO_TEXT",
  "tika__english.cp500.txt": "LORAG_UNKNOWN_ENCODING",
  "tika__testZIP_corrupted_oom.zip": "LORAG_UNSUPPORTED_FORMAT",
  "unstructured__table-multi-row-column-cells.pdf": "LORAG_NO_TEXT",
};

/**
 * Files of which the folder holds the text in a plainer form, and what of that is no text of them. Words that only the
 * other form has are named with the reason.
 */
const references: { file: string; reference: string; without?: RegExp }[] = [
  {
    file: "markitdown__REPAIR-2022-INV-001_multipage.pdf",
    reference: "markitdown__REPAIR-2022-INV-001_multipage.md",
  },
];

/** What each file of the folder comes to, and how much of a reference text is found in what was made of its file. */
export async function run(): Promise<BenchResult> {
  const { documents, skipped } = await readDocuments(folder, {
    parsing: { passwords: ["password", "tika", "123"] },
  });
  const texts = new Map(documents.map(({ id, text }) => [id, text]));
  const wrong: string[] = [];
  for (const { id } of documents) if (unreadable[basename(id)]) wrong.push(`${id} was read`);
  for (const { id, code } of skipped) {
    if (id.startsWith("LICENSES/")) continue;
    if (unreadable[id] !== code) wrong.push(`${id}: ${code}`);
  }
  const files = documents.length + skipped.length;
  const recalls = references.map(({ file, reference }) =>
    recall(readFileSync(join(folder, reference), "utf8"), texts.get(file) ?? ""),
  );
  return {
    bench: "ingest",
    machine: describeMachine(),
    rows: [
      {
        name: "right-outcome",
        value: round((files - wrong.length) / files),
        unit: "share of files that are read, or left out for the right reason (1)",
        ours: `${files - wrong.length} of ${files}`,
        peer: wrong.join("; "),
      },
      {
        name: "text-recall",
        value: round(Math.min(...recalls)),
        unit: "share of the reference's words that are found, the lowest of all files (0.98)",
        ours: recalls.map((value) => value.toFixed(4)).join(", "),
        peer: references.map(({ file }) => file).join(", "),
      },
    ],
  };
}

/** Of the words of `reference`, each as often as it stands there, the share that `text` has. */
function recall(reference: string, text: string): number {
  const left = new Map<string, number>();
  for (const word of words(text)) left.set(word, (left.get(word) ?? 0) + 1);
  const wanted = words(reference);
  let found = 0;
  for (const word of wanted) {
    const count = left.get(word) ?? 0;
    if (count > 0) found++;
    left.set(word, count - 1);
  }
  return found / wanted.length;
}

const words = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
