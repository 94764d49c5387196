import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Parts } from "../parts.ts";
import { collectWarnings, openProject } from "../context.ts";
import { indexDocuments } from "./index-documents.ts";

/** What the index makes of the passages is not under test. */
const parts = {
  embedder: async () => ({}),
  store: async () => ({}),
  updateIndex: async () => ({ added: 1, changed: 0, removed: 0, unchanged: 0, chunks: 1 }),
  indexIdentity: () => "",
} as unknown as Parts;

test.each([
  [3, 3, "3 of 4 documents were skipped; --strict makes that an error."],
  [12, 10, "12 of 13 documents were skipped (`lorag index` lists them all); --strict makes that an error."],
])("of %d skipped documents %d are named, and the report has all", async (empty, named, told) => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-index-"));
  mkdirSync(join(folder, "documents"));
  writeFileSync(join(folder, "lorag.yaml"), "");
  writeFileSync(join(folder, "documents/page.md"), "# Page\n\nA dog pays 7 florins.\n");
  for (let i = 0; i < empty; i++) writeFileSync(join(folder, `documents/empty-${i}.md`), "");

  const { warn, warnings } = collectWarnings();
  const { report } = await indexDocuments(await openProject(folder, { warn }), parts);
  expect(report.skipped).toHaveLength(empty);
  expect(warnings.filter(({ code }) => code === "LORAG_SKIPPED_DOCUMENT")).toHaveLength(named);
  expect(warnings.at(-1)).toEqual({ code: "LORAG_SKIPPED_DOCUMENTS", message: told });
});
