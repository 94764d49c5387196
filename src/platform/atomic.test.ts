import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  isCompleteFolder,
  sweepLeftovers,
  verifyFolder,
  writeFileAtomic,
  writeFolderAtomic,
} from "./atomic.ts";

const folder = () => mkdtempSync(join(tmpdir(), "lorag-atomic-"));

test("a write that fails leaves the old file and nothing beside it", async () => {
  const root = folder();
  await writeFileAtomic(join(root, "deep/x"), "old");
  const failing = (function* () {
    yield Buffer.from("new");
    throw new Error("torn");
  })();
  await expect(writeFileAtomic(join(root, "deep/x"), failing)).rejects.toThrow("torn");
  expect(readFileSync(join(root, "deep/x"), "utf8")).toBe("old");
  expect(readdirSync(join(root, "deep"))).toEqual(["x"]);
});

test("a folder is verified against sizes and hashes", async () => {
  const target = join(folder(), "checkpoint");
  const build = () =>
    writeFolderAtomic(target, async (write) => {
      await write("a.bin", Uint8Array.of(1, 2, 3));
      await write("sub/b.json", "{}");
    });
  await build();
  await verifyFolder(target);
  writeFileSync(join(target, "a.bin"), Uint8Array.of(1, 2, 4));
  await expect(verifyFolder(target)).rejects.toMatchObject({ code: "LORAG_DAMAGED_FOLDER" });
  await verifyFolder(target, { quick: true });
  await build();
  await verifyFolder(target);
  rmSync(join(target, "sub/b.json"));
  expect(await isCompleteFolder(target)).toBe(false);
  await build();
  rmSync(join(target, "MANIFEST.json"));
  expect(await isCompleteFolder(target)).toBe(false);
  expect(await isCompleteFolder(join(target, "nowhere"))).toBe(false);
});

test("a failed build leaves the old folder; names stay inside", async () => {
  const root = folder();
  const target = join(root, "adapter");
  await writeFolderAtomic(target, (write) => write("x", "old"));
  await expect(writeFolderAtomic(target, (write) => write("../escape", "x"))).rejects.toMatchObject({
    code: "LORAG_PATH_OUTSIDE",
  });
  expect(readFileSync(join(target, "x"), "utf8")).toBe("old");
  expect(readdirSync(root)).toEqual(["adapter"]);
});

test("half a swap is undone", async () => {
  const root = folder();
  const target = join(root, "index");
  await writeFolderAtomic(target, (write) => write("x", "old"));
  renameSync(target, join(root, ".index.previous")); // the state between the two renames
  await verifyFolder(target);
  expect(readFileSync(join(target, "x"), "utf8")).toBe("old");
});

test("what a killed process left of a file is swept up, what a living one writes is not", async () => {
  const root = folder();
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(new URL("./atomic.ts", import.meta.url).href)};
    await writeFileAtomic(${JSON.stringify(join(root, "x"))}, (async function* () {
      yield Buffer.from("half");
      console.log("writing");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    })());`;
  const start = async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: new URL("../..", import.meta.url).pathname,
    });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return child;
  };
  const kill = async (child: ChildProcess) => {
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
  };
  const living = await start();
  const before = readdirSync(root);
  expect(before).toHaveLength(1);
  await kill(await start());
  expect(readdirSync(root)).toHaveLength(2);
  await writeFileAtomic(join(root, "y"), "whole");
  expect(readdirSync(root).sort()).toEqual([...before, "y"]);
  await kill(living);
  await sweepLeftovers(root);
  expect(readdirSync(root)).toEqual(["y"]);
});

test("leftovers of another machine or container are swept up when nobody can be writing them any more", async () => {
  const root = folder();
  const names = [".mine.tmp-notes", ".w.bin.tmp-00000000-1-00000000", ".w.bin.tmp-2147483646-00000000"];
  for (const name of names) writeFileSync(join(root, name), "");
  await sweepLeftovers(root);
  expect(readdirSync(root)).toEqual(names);
  const before = new Date(Date.now() - 2 * 24 * 3600_000);
  for (const name of names) utimesSync(join(root, name), before, before);
  await sweepLeftovers(root);
  expect(readdirSync(root)).toEqual([".mine.tmp-notes"]);
});

test(
  "kill -9 at any moment leaves a whole folder, and the next write sweeps up",
  { timeout: 60_000 },
  async () => {
    const root = folder();
    const target = join(root, "checkpoint");
    const script = join(root, "writer.mts");
    writeFileSync(
      script,
      `import { writeFolderAtomic } from ${JSON.stringify(new URL("./atomic.ts", import.meta.url).pathname)};
     for (let turn = 0; ; turn++) {
       await writeFolderAtomic(${JSON.stringify(target)}, async (write) => {
         for (let file = 0; file < 4; file++) await write("part" + file, new Uint8Array(200_000).fill(turn));
       });
       if (turn === 1) console.log("running");
     }`,
    );
    const cwd = new URL("../..", import.meta.url).pathname;
    for (let turn = 0; turn < 6; turn++) {
      const child = spawn(process.execPath, ["--import", "tsx", script], { cwd });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, 5 + turn * 7));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      await verifyFolder(target);
      const parts = [0, 1, 2, 3].map((file) => readFileSync(join(target, `part${file}`))[0]);
      expect(new Set(parts).size).toBe(1);
    }
    await writeFolderAtomic(target, (write) => write("x", "after"));
    expect(readdirSync(root).sort()).toEqual(["checkpoint", "writer.mts"]);
    expect(existsSync(join(target, "part0"))).toBe(false);
  },
);
