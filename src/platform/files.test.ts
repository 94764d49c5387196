import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { writeFileAtomic } from "./atomic.ts";
import { asNobody, canMount, onSmallDisk } from "./faults.case.ts";
import { appendJsonLine, listFiles, readFile, readText, resolveInside, statPath } from "./files.ts";

const folder = () => realpathSync(mkdtempSync(join(tmpdir(), "lorag-files-")));

test("lists files in every depth, sorted, without hidden files and without links that lead out or round", async () => {
  const outside = folder();
  writeFileSync(join(outside, "secret.txt"), "secret");
  const root = folder();
  mkdirSync(join(root, "b/c"), { recursive: true });
  for (const name of ["z.md", "b/a.md", "b/c/d.md", ".hidden"]) writeFileSync(join(root, name), name);
  symlinkSync("..", join(root, "b/loop"));
  symlinkSync(join(outside, "secret.txt"), join(root, "b/leak.txt"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync("z.md", join(root, "alias.md"));
  const files = ["alias.md", "b/a.md", "b/c/d.md", "z.md"];
  expect(await listFiles(root)).toEqual(files);
  const leftOut: string[] = [];
  expect(await listFiles(root, (path, { code }) => leftOut.push(`${path}: ${code}`))).toEqual(files);
  expect(leftOut.sort()).toEqual(["b/leak.txt: LORAG_LINK", "b/loop: LORAG_LINK", "dangling: LORAG_LINK"]);
});

test("pipes and sockets are left out unopened", async () => {
  const root = folder();
  spawnSync("sh", ["-c", `mkfifo ${join(root, "pipe.md")}`]);
  const server = createServer().listen(join(root, "socket.md"));
  await once(server, "listening");
  writeFileSync(join(root, "page.md"), "");
  const leftOut: string[] = [];
  expect(await listFiles(root, (path, { code }) => leftOut.push(`${path}: ${code}`))).toEqual(["page.md"]);
  expect(leftOut.sort()).toEqual(["pipe.md: LORAG_NOT_A_FILE", "socket.md: LORAG_NOT_A_FILE"]);
  await expect(readText(join(root, "pipe.md"))).rejects.toMatchObject({
    code: "LORAG_NOT_A_FILE",
    exitCode: 65,
  });
  server.close();
});

test.each([
  ["a name longer than the file system allows", "x".repeat(300), "LORAG_NAME_TOO_LONG", 66],
  ["links in a circle", "loop", "LORAG_LINK_LOOP", 66],
  ["a NUL byte", "a\0b", "LORAG_PATH_INVALID", 2],
])("%s is told in words", async (_, name, code, exitCode) => {
  const root = folder();
  symlinkSync("loop", join(root, "loop"));
  for (const use of [statPath, listFiles, readText]) {
    await expect(use(join(root, name)), use.name).rejects.toMatchObject({ code, exitCode });
  }
});

test("a name never leads out of its folder", async () => {
  const root = folder();
  symlinkSync(tmpdir(), join(root, "link"));
  for (const name of [
    "../x",
    "a/../../x",
    "/etc/passwd",
    "link/x",
    "a\\..\\x",
    "c:x",
    "a\0b",
    "",
    ".",
    "a//b",
  ]) {
    await expect(resolveInside(root, name), name).rejects.toMatchObject({ code: "LORAG_PATH_OUTSIDE" });
  }
  const name = fc.string({ unit: fc.constantFrom("..", "/", "a", "\\", ".", "\0", "link"), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const inside = await resolveInside(root, text).catch(() => undefined);
      if (inside) expect(inside.startsWith(`${root}/`)).toBe(true);
    }),
  );
});

test("errors name the path, the trouble and the next step", async () => {
  const root = folder();
  await expect(readFile(join(root, "no"))).rejects.toMatchObject({ code: "LORAG_NOT_FOUND", exitCode: 66 });
  await expect(readFile(root)).rejects.toMatchObject({ code: "LORAG_NOT_A_FILE" });
  await expect(listFiles(join(root, "no"))).rejects.toThrow(join(root, "no"));
  writeFileSync(join(root, "latin"), Buffer.from([0x66, 0xfc, 0x72]));
  await expect(readText(join(root, "latin"))).rejects.toMatchObject({ code: "LORAG_NOT_UTF8" });
  await expect(writeFileAtomic(join(root, "latin/below"), "x")).rejects.toMatchObject({ kind: "data" });
});

test("a folder that may not be written to", async () => {
  const root = folder();
  chmodSync(root, 0o555);
  await asNobody(() =>
    expect(writeFileAtomic(join(root, "x"), "x")).rejects.toMatchObject({
      code: "LORAG_NO_PERMISSION",
      exitCode: 74,
    }),
  );
  expect(readdirSync(root)).toEqual([]);
});

test("a full disk is named when a line is added", async () => {
  await expect(appendJsonLine("/dev/full", { step: 1 })).rejects.toMatchObject({ code: "LORAG_DISK_FULL" });
});

test.skipIf(!canMount)("a full disk keeps the old content", async () => {
  const root = folder();
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(new URL("./atomic.ts", import.meta.url).pathname)};
    import { readFileSync, readdirSync } from "node:fs";
    await writeFileAtomic("${root}/x", "old");
    const error = await writeFileAtomic("${root}/x", new Uint8Array(1 << 20)).catch((error) => error);
    console.log(JSON.stringify([error.code, readFileSync("${root}/x", "utf8"), readdirSync("${root}")]));`;
  writeFileSync(`${root}.mts`, script);
  const { stdout, stderr } = await onSmallDisk(root, "256k", `node --import tsx ${root}.mts`);
  expect(stdout.trim(), stderr).toBe('["LORAG_DISK_FULL","old",["x"]]');
});
