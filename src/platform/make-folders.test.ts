import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders } from "./make-folders.ts";

test("makes what is missing, many at once, and says what is in the way", async () => {
  const root = mkdtempSync(join(tmpdir(), "lorag-folders-"));
  const deep = join(root, "a", "b", "c");
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(deep)));
  await makeFolders(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
  writeFileSync(join(root, "file"), "");
  await expect(makeFolders(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolders(join(root, "file", "inside"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.runIf(existsSync("/proc/self"))("ends where a folder takes none", async () => {
  await expect(makeFolders("/proc/lorag/inside")).rejects.toMatchObject({ code: "ENOENT" });
});
