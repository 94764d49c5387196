import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { changeReleases } from "./releases.ts";
import { createAdapterScan } from "./scan-adapters.ts";

const root = await mkdtemp(join(tmpdir(), "lorag-scan-"));
const scan = createAdapterScan(root);
const listed = async (): Promise<string[]> =>
  (await scan()).flatMap(({ name, versions }) => versions.map(({ version }) => [name, version].join(":")));
const add = async (path: string): Promise<void> => {
  await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, path, "adapter_config.json"), "{}");
};
/** As if everything had been written an hour ago. */
const settle = async (): Promise<void> => {
  const then = new Date(Date.now() - 3_600_000);
  for (const name of await readdir(root, { recursive: true })) await utimes(join(root, name), then, then);
  await utimes(root, then, then);
};

it("reads the folder again once something in it has changed, and only then", async () => {
  await add("support/1");
  await add("alone");
  await mkdir(join(root, "support", "2"));
  await settle();
  const first = await scan();
  expect(await scan()).toBe(first);
  expect(await listed()).toEqual(["alone:", "support:1"]);

  await writeFile(join(root, "support", "2", "adapter_config.json"), "{}");
  expect(await listed()).toEqual(["alone:", "support:1", "support:2"]);
  await settle();
  await scan();
  await changeReleases(join(root, "support"), () => ({ latest: "1" }));
  expect((await scan())[1]!.releases).toEqual({ latest: "1" });
  await settle();
  await scan();
  await add("support/10");
  await rm(join(root, "alone"), { recursive: true });
  expect(await listed()).toEqual(["support:1", "support:2", "support:10"]);
});

it("does not trust a folder that changed just now: a second change may show no other time", async () => {
  await settle();
  await add("new");
  const before = await scan();
  expect(await scan()).not.toBe(before);
});

it("finds nothing where there is no folder, and what comes there later", async () => {
  const late = join(root, "late");
  const scanLate = createAdapterScan(late);
  expect([await scanLate(), await scanLate()]).toEqual([[], []]);
  await add("late/x");
  expect((await scanLate()).map(({ name }) => name)).toEqual(["x"]);
});
