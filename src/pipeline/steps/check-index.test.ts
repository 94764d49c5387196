import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collectWarnings, openProject } from "../context.ts";
import { checkIndex } from "./check-index.ts";

test.each<[string, (documents: string) => void, string[]]>([
  ["as they were", () => {}, []],
  ["written again with the same text", (documents) => write(documents, "b.md", "text of b.md"), []],
  [
    "changed, added and removed",
    (documents) => {
      write(documents, "b.md", "another text");
      write(documents, "new.md", "new");
      rmSync(join(documents, "a.md"));
    },
    [
      "3 documents were changed, added or removed since the last `lorag index`: a.md, b.md, new.md. Run it again.",
    ],
  ],
])("documents %s", async (_, change, messages) => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-check-"));
  const documents = join(folder, "documents");
  mkdirSync(documents);
  writeFileSync(join(folder, "lorag.yaml"), "");
  const names = ["a.md", "b.md", "c.md"];
  for (const name of names) write(documents, name, `text of ${name}`);
  const startedMs = Date.parse("2020-01-01");
  change(documents);
  const hash = (name: string) => createHash("sha256").update(`text of ${name}`).digest("hex");
  const { warn, warnings } = collectWarnings();
  await checkIndex(await openProject(folder, { warn }), {
    documents: async () => new Map(names.map((name) => [name, hash(name)])),
    generation: async () => ({ number: 1, startedMs }),
  });
  expect(warnings.map(({ message }) => message)).toEqual(messages);
});

function write(documents: string, name: string, text: string): void {
  writeFileSync(join(documents, name), text);
}
