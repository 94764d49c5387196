import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { takeLock } from "./lock.ts";

const lockPath = () => join(mkdtempSync(join(tmpdir(), "lorag-lock-")), "state", "lock");

test("one holder at a time; a released lock can be taken again", async () => {
  const path = lockPath();
  const lock = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({ code: "LORAG_LOCKED", exitCode: 75 });
  await expect(takeLock(path)).rejects.toThrow(`process ${process.pid}`);
  await lock.release();
  await (await takeLock(path)).release();
});

test("held by another process, and free again after kill -9", async () => {
  const path = lockPath();
  const url = new URL("./lock.ts", import.meta.url).pathname;
  const script = `import(${JSON.stringify(url)}).then(({ takeLock }) => takeLock(${JSON.stringify(path)})).then(() => { console.log("held"); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", script], {
    cwd: new URL("../..", import.meta.url).pathname,
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await expect(takeLock(path)).rejects.toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  await (await takeLock(path)).release();
});

test("a lock whose process number is in use again by another process is stale", async () => {
  const path = lockPath();
  await (await takeLock(path)).release();
  writeFileSync(
    join(path, "7"),
    JSON.stringify({ pid: process.pid, start: "another boot:1", since: "long ago" }),
  );
  const lock = await takeLock(path);
  expect(readdirSync(path)).toEqual(["8"]);
  expect(JSON.parse(readFileSync(join(path, "8"), "utf8"))).toMatchObject({ pid: process.pid });
  await lock.release();
});

test("a lock left empty by a crash is taken after two seconds, or at once if its time is no time of this clock", async () => {
  const path = lockPath();
  await (await takeLock(path)).release();
  writeFileSync(join(path, "2"), "");
  await (await takeLock(path)).release();
  const claim = join(path, String(Math.max(...readdirSync(path).map(Number)) + 1));
  writeFileSync(claim, "");
  const tomorrow = new Date(Date.now() + 86_400_000);
  utimesSync(claim, tomorrow, tomorrow);
  await (await takeLock(path)).release();
});

test("a lock that its process has just made, and not yet written, is waited for and found held", async () => {
  const path = lockPath();
  await (await takeLock(path)).release();
  writeFileSync(join(path, "2"), "");
  const asked = expect(takeLock(path)).rejects.toThrow(`process ${process.pid}`);
  writeFileSync(join(path, "2"), JSON.stringify({ state: "held", pid: process.pid, since: "now" }));
  await asked;
});

test.each(["stale", "free"])(
  "of many that ask at once for a %s lock, one gets it, every time",
  async (state) => {
    const path = lockPath();
    await (await takeLock(path)).release();
    for (let round = 0; round < 50; round++) {
      if (state === "stale") {
        const last = join(path, readdirSync(path).at(-1)!);
        writeFileSync(last, JSON.stringify({ pid: 2 ** 30, since: "long ago" }));
      }
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
      const taken = outcomes.filter((outcome) => outcome.status === "fulfilled");
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(taken).toHaveLength(1);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: "LORAG_LOCKED" });
      await expect(takeLock(path)).rejects.toMatchObject({ code: "LORAG_LOCKED" });
      await taken[0]!.value.release();
    }
    expect(readdirSync(path)).toHaveLength(1);
  },
);

test("a lock whose folder was removed under it is released without an error, and leaves its successor alone", async () => {
  const path = lockPath();
  const lock = await takeLock(path);
  rmSync(path, { recursive: true });
  const next = await takeLock(path);
  await lock.release();
  await expect(takeLock(path)).rejects.toMatchObject({ code: "LORAG_LOCKED" });
  await next.release();
});

test("a stray file that is called almost like a claim is none", async () => {
  const path = lockPath();
  await (await takeLock(path)).release();
  for (const name of ["0", "007", "9".repeat(23)]) writeFileSync(join(path, name), "");
  await (await takeLock(path)).release();
});
