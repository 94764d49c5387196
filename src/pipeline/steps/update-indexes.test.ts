import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Parts } from "../parts.ts";
import { collectWarnings, openProject } from "../context.ts";
import { updateIndexes } from "./update-indexes.ts";

/** Document id to hash. */
let indexed = new Map<string, string>();

/** What the index makes of the passages is not under test. */
const parts = {
  index: async () => ({
    embedder: {},
    store: { documents: async () => indexed, generation: async () => ({ number: 1 }) },
    identity: "",
  }),
  updateIndex: async () => ({ added: 1, changed: 0, removed: 0, unchanged: 0, chunks: 1 }),
} as unknown as Parts;

test.each([
  [1, 1, "1 of 2 documents was skipped; --strict makes that an error."],
  [3, 3, "3 of 4 documents were skipped; --strict makes that an error."],
  [12, 10, "12 of 13 documents were skipped (`lorag index` lists them all); --strict makes that an error."],
])("of %d skipped documents %d are named, and the report has all", async (empty, named, told) => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-index-"));
  mkdirSync(join(folder, "documents"));
  writeFileSync(join(folder, "lorag.yaml"), "");
  writeFileSync(join(folder, "documents/page.md"), "# Page\n\nA dog pays 7 florins.\n");
  for (let i = 0; i < empty; i++) writeFileSync(join(folder, `documents/empty-${i}.md`), "");

  const { warn, warnings } = collectWarnings();
  const { report } = await updateIndexes(await openProject(folder, { warn }), parts);
  expect(report.skipped).toHaveLength(empty);
  expect(warnings.filter(({ code }) => code === "LORAG_SKIPPED_DOCUMENT")).toHaveLength(named);
  expect(warnings.at(-1)).toEqual({ code: "LORAG_SKIPPED_DOCUMENTS", message: told });
});

test.each([
  ["as indexed", false, () => {}],
  ["changed", true, (folder: string) => writeFileSync(join(folder, "documents/page.md"), "# Page\n\nNew.\n")],
  ["gone", true, (folder: string) => rmSync(join(folder, "documents/page.md"))],
])("with a document that is %s, what else holds its text goes: %s", async (_, goes, change) => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-index-"));
  for (const name of ["documents", ".lorag/steps", ".lorag/answers"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "lorag.yaml"), "");
  const texts = { page: "# Page\n\nA dog pays 7 florins.\n", other: "# Other\n\nA cat is free.\n" };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `documents/${name}.md`), text);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  indexed = new Map([
    ["page.md", hash(texts.page)],
    ["other.md", hash(texts.other)],
  ]);
  const made = [
    "steps/contexts-tuned-rag.json",
    ...["base", "rag", "tuned-rag"].map((arm) => `answers/${arm}-${"0".repeat(16)}.jsonl`),
  ];
  for (const name of made) writeFileSync(join(folder, ".lorag", name), "A dog pays 7 florins.");
  change(folder);
  await updateIndexes(await openProject(folder), parts);
  const left = made.filter((name) => existsSync(join(folder, ".lorag", name)));
  expect(left).toEqual(goes ? [made[1]] : made);
});
