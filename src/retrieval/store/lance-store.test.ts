import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testChunkStore, indexedDocument } from "./chunk-store.case.ts";
import { hashVector } from "../hash-embedder.case.ts";
import { openLanceStore } from "./lance-store.ts";
import { memoryStore } from "./memory-store.case.ts";

const newFolder = () => mkdtempSync(join(tmpdir(), "lorag-store-"));
const options = { identity: "hash-32", dimensions: 32 };
const open = (folder = newFolder()) => openLanceStore(folder, options);

testChunkStore("LanceDB", () => open());

const words = ["tide", "quay", "rope", "buoy", "mast", "keel", "deck", "hull", "sail", "gull"];
const documents = Array.from({ length: 60 }, (_, index) =>
  indexedDocument(`d${index}.md`, [
    [1, 3, 7].map((step) => words[(index * step) % 10]).join(" "),
    `${words[index % 10]} ${words[(index >> 2) % 10]} number${index}`,
  ]),
);

test("scores are those of the formulas: cosine, and BM25 with k1 1.2, b 0.75", async () => {
  const [store, oracle] = [await open(), memoryStore()];
  for (const each of [store, oracle]) await each.apply({ upsert: documents, remove: [] });
  for (const text of ["quay", "rope tide", "gull number7"]) {
    for (const by of [{ text }, { vector: hashVector(text) }]) {
      const found = await store.search({ by, limit: 200 });
      const expected = await oracle.search({ by, limit: 200 });
      expect(found.length).toBe(expected.length);
      for (const [index, { score }] of expected.entries()) expect(found[index]!.score).toBeCloseTo(score, 2);
    }
  }
  await store.close();
});

test("another process's index is there after closing; another identity counts as empty and replaces it", async () => {
  const folder = newFolder();
  const store = await open(folder);
  await store.apply({ upsert: documents.slice(0, 3), remove: [] });
  await store.close();
  const again = await open(folder);
  expect((await again.documents()).size).toBe(3);
  await again.close();
  const other = await openLanceStore(folder, { ...options, identity: "another" });
  expect(await other.documents()).toEqual(new Map());
  expect(await other.search({ by: { text: "tide" }, limit: 5 })).toEqual([]);
  await other.apply({ upsert: documents.slice(0, 1), remove: [] });
  await other.apply({ upsert: documents.slice(1, 2), remove: [] });
  await other.close();
  const first = await open(folder);
  expect(await first.documents()).toEqual(new Map());
  await first.close();
  expect(readdirSync(join(folder, "lance")).filter((name) => name.endsWith(".lance"))).toHaveLength(1);
});

test("a document called __proto__ is known after closing, and leaves no trace once it is removed", async () => {
  const folder = newFolder();
  const store = await open(folder);
  await store.apply({ upsert: [indexedDocument("__proto__", ["zebrafish"]), documents[0]!], remove: [] });
  await store.close();
  const again = await open(folder);
  expect([...(await again.documents()).keys()].sort()).toEqual(["__proto__", "d0.md"]);
  await again.apply({ upsert: [], remove: ["__proto__"] });
  expect((await again.documents()).size).toBe(1);
  expect(await again.search({ by: { text: "zebrafish" }, limit: 5 })).toEqual([]);
  await again.close();
});

test.each([[["d0.md"]], [[]]])(
  "files cut off or left over by a crash, removing %j: the last whole generation is the index",
  async (remove) => {
    const folder = newFolder();
    const store = await open(folder);
    await store.apply({ upsert: documents.slice(0, 5), remove: [] });
    const before = newFolder();
    cpSync(folder, before, { recursive: true });
    await store.apply({ upsert: [indexedDocument("new.md", ["albatross"])], remove });
    await store.close();

    // Every file that the change wrote before it was named, one after the other, as a crash of the machine might leave it.
    const written = files(folder).filter((file) => !files(before).includes(file) && !isGeneration(file));
    expect(written.length).toBeGreaterThan(2);
    for (const name of written) {
      const copy = newFolder();
      cpSync(folder, copy, { recursive: true, filter: (path) => !isGeneration(path) });
      cpSync(before, copy, { recursive: true });
      truncateSync(join(copy, name), 0);
      const reopened = await open(copy);
      expect((await reopened.documents()).size, name).toBe(5);
      expect(await reopened.search({ by: { text: "albatross" }, limit: 5 }), name).toEqual([]);
      if (name === written.at(-1)) {
        await reopened.apply({ upsert: [indexedDocument("new.md", ["albatross"])], remove });
        expect(await reopened.search({ by: { text: "albatross" }, limit: 5 })).toHaveLength(1);
      }
      await reopened.close();
    }
  },
);

test("what a change interrupted after it was complete left goes at the next opening", async () => {
  const folder = newFolder();
  const store = await open(folder);
  await store.apply({ upsert: documents.slice(0, 5), remove: [] });
  await store.apply({ upsert: [indexedDocument("new.md", ["albatross"])], remove: ["d0.md"] });
  await store.close();

  // What an interrupted change left: a torn manifest newer than the generation's.
  const table = readdirSync(join(folder, "lance"))[0]!;
  const versions = join(folder, "lance", table, "_versions");
  writeFileSync(join(versions, "18446744073709551000.manifest"), "");
  writeFileSync(join(versions, "latest_version_hint.json"), "");
  for (let turn = 0; turn < 4; turn++) {
    const reopened = await open(folder);
    expect(await reopened.search({ by: { text: "albatross" }, limit: 5 })).toHaveLength(1);
    await reopened.close();
    // Cut off by itself, and saying what is not true.
    writeFileSync(join(versions, "latest_version_hint.json"), turn === 0 ? "" : '{"version":99}');
  }
});

test.each([[documents.slice(1, 5).map(({ documentId }) => documentId)], [["d1.md"]]])(
  "of documents that were removed or changed, nothing is left on disk: %j",
  async (remove) => {
    const folder = newFolder();
    const store = await open(folder);
    const secret = indexedDocument("canary.md", ["kanarek zzyzx"]);
    await store.apply({ upsert: [...documents.slice(0, 5), secret], remove: [] });
    expect(holding(folder, "zzyzx")).not.toEqual([]);
    await store.apply({ upsert: [indexedDocument("canary.md", ["sparrow"], "h2")], remove, more: true });
    await store.apply({ upsert: [], remove: [] });
    expect(holding(folder, "zzyzx")).toEqual([]);
    expect(await store.search({ by: { text: "sparrow" }, limit: 5 })).toHaveLength(1);
    await store.apply({ upsert: [], remove: ["canary.md"] });
    expect([...holding(folder, "sparrow"), ...holding(folder, "canary")]).toEqual([]);
    expect((await store.documents()).size).toBe(5 - remove.length);
    await store.close();
  },
);

test("a reader whose files another process replaced goes on", async () => {
  const folder = newFolder();
  const writer = await open(folder);
  await writer.apply({ upsert: documents.slice(0, 5), remove: [] });
  const reader = await open(folder);
  const asks = (text: string) =>
    Promise.all([{ text }, { vector: hashVector(text) }].map((by) => reader.search({ by, limit: 2 })));
  await writer.apply({ upsert: [indexedDocument("new.md", ["albatross"])], remove: ["d0.md"] });
  for (const found of await asks("albatross")) expect(found[0]!.chunk.documentId).toBe("new.md");
  for (const found of await asks("tide")) expect(found).toHaveLength(2);
  await Promise.all([reader.close(), writer.close()]);
});

test("an index of which nothing is whole says so", async () => {
  const folder = newFolder();
  const store = await open(folder);
  await store.apply({ upsert: documents.slice(0, 5), remove: [] });
  await store.close();
  for (const file of files(folder)) truncateSync(join(folder, file), 1);
  await expect(open(folder)).rejects.toMatchObject({ code: "LORAG_DAMAGED_INDEX", exitCode: 65 });
});

test("a search that finds a file of the index gone says so", async () => {
  const folder = newFolder();
  const store = await open(folder);
  await store.apply({ upsert: documents.slice(0, 5), remove: [] });
  await store.close();
  for (const file of files(folder).filter((name) => name.includes("/data/"))) rmSync(join(folder, file));
  const reopened = await open(folder);
  await expect(reopened.search({ by: { vector: hashVector("tide") }, limit: 5 })).rejects.toMatchObject({
    code: "LORAG_DAMAGED_INDEX",
    next: expect.stringContaining("lorag index"),
  });
  await reopened.close();
});

test("kill -9 inside a change: all of it or nothing of it", { timeout: 240_000 }, async () => {
  const folder = newFolder();
  const script = join(folder, "writer.mts");
  const room = new URL("./", import.meta.url).pathname;
  // Each change replaces every document by its next edition, so that a mixture would show. `write` says it at once.
  writeFileSync(
    script,
    `import { writeSync } from "node:fs";
     import { openLanceStore } from "${room}lance-store.ts";
     import { indexedDocument } from "${room}chunk-store.case.ts";
     const store = await openLanceStore("${folder}/index", ${JSON.stringify(options)});
     for (let edition = 0; ; edition++) {
       const upsert = Array.from({ length: 20 }, (_, index) =>
         indexedDocument("d" + index, ["e" + edition, "ferry timetable"], String(edition)));
       writeSync(1, "(");
       await store.apply({ upsert, remove: [], more: edition % 2 === 1 });
       writeSync(1, ")");
       // Time to be seen outside a change, too.
       await new Promise((resolve) => setTimeout(resolve, 5));
     }`,
  );
  let killedInside = 0;
  for (let turn = 0; killedInside < 3; turn++) {
    expect(turn, "kills that fell between two changes").toBeLessThan(20);
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      cwd: new URL("../../..", import.meta.url).pathname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    const ended = new Promise((resolve) => child.stdout.once("end", resolve));
    await new Promise<void>((resolve) =>
      child.stdout.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes(")")) resolve();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 10 + turn * 37));
    child.kill("SIGKILL");
    // All that it wrote before it died has been read: a change that began and did not end was cut off.
    await ended;
    if (said.endsWith("(")) killedInside++;

    const store = await open(`${folder}/index`);
    const editions = new Set((await store.documents()).values());
    expect(editions.size).toBe(1);
    const edition = [...editions][0]!;
    expect(await store.search({ by: { text: `e${edition}` }, limit: 50 })).toHaveLength(20);
    expect(await store.search({ by: { text: "timetable" }, limit: 50 })).toHaveLength(20);
    expect(await store.search({ by: { text: `e${Number(edition) + 1}` }, limit: 50 })).toEqual([]);
    await store.close();
  }
});

const isGeneration = (path: string): boolean => /generations\/\d+\.json$/.test(path);

/** Names of the files that hold a text. */
const holding = (folder: string, text: string): string[] =>
  files(folder).filter((name) => readFileSync(join(folder, name)).includes(text));

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("write.lock"));
}
