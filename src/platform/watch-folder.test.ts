import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchFolder } from "./watch-folder.ts";

test("a save, a file in a new folder and a deletion are each told once; an end is heeded", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lorag-watch-"));
  const over = new AbortController();
  const changes = watchFolder(folder, over.signal);
  const change = async (work: () => void): Promise<unknown> => {
    const next = changes.next();
    work();
    return (await next).done;
  };
  expect(
    await change(() => {
      writeFileSync(join(folder, "a.md"), "A");
      writeFileSync(join(folder, "a.md"), "A longer");
    }),
  ).toBe(false);
  expect(await change(() => mkdirSync(join(folder, "sub")))).toBe(false);
  expect(await change(() => writeFileSync(join(folder, "sub/b.md"), "B"))).toBe(false);
  expect(await change(() => rmSync(join(folder, "a.md")))).toBe(false);
  expect(await change(() => over.abort())).toBe(true);
});

test("a folder that is not there cannot be watched", async () => {
  const changes = watchFolder(join(tmpdir(), "lorag-nowhere"), new AbortController().signal);
  await expect(changes.next()).rejects.toMatchObject({ code: "LORAG_NOT_FOUND" });
});
