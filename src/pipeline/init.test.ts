import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openProject } from "./context.ts";
import { initProject } from "./init.ts";

const folder = () => mkdtempSync(join(tmpdir(), "lorag-init-"));

test("an init that is cut off leaves no project, and the next one goes on from there", async () => {
  const root = folder();
  // A file where a folder must be stops it on the way.
  writeFileSync(join(root, "documents"), "");
  await expect(initProject(root)).rejects.toMatchObject({ code: "LORAG_NOT_A_FOLDER" });
  expect(existsSync(join(root, "lorag.yaml"))).toBe(false);
  rmSync(join(root, "documents"));

  const { files } = await initProject(root);
  expect(files.at(-1)).toBe("lorag.yaml");
  // As a kill in the middle leaves it.
  for (const file of files.slice(-2)) rmSync(join(root, file));
  await initProject(root);
  for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  await expect(openProject(root)).resolves.toBeDefined();
});

test("what is already there stays as it is", async () => {
  const root = folder();
  writeFileSync(join(root, "examples.jsonl"), "mine\n");
  await expect(initProject(root)).rejects.toMatchObject({
    code: "LORAG_EXISTS",
    message: `${root} already has examples.jsonl`,
  });
  expect(readFileSync(join(root, "examples.jsonl"), "utf8")).toBe("mine\n");
  expect(existsSync(join(root, "documents"))).toBe(false);
  // A finished project is not begun again, even as it came.
  rmSync(join(root, "examples.jsonl"));
  await initProject(root);
  await expect(initProject(root)).rejects.toMatchObject({ code: "LORAG_EXISTS" });
});
