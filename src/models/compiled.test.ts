import { chmod, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asNobody } from "../platform/faults.case.ts";
import { compileWeights, writeGraph, type CompiledTensor } from "./compiled.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-compiled-"));
});
afterEach(() => rm(folder, { recursive: true }));

let made: number;
function* tensors(): Iterable<CompiledTensor> {
  made++;
  yield { name: "a", dtype: "int8", shape: [3], values: Int8Array.of(1, -2, 3) };
  yield { name: "b", dtype: "float32", shape: [2, 1], values: Float32Array.of(0.5, 4) };
}

async function compile() {
  made = 0;
  return compileWeights(folder, "w", tensors);
}

type Layout = { tensors: Record<string, { offset: number; shape: number[] }> };

async function editLayout(edit: (layout: Layout) => unknown): Promise<void> {
  const layout = JSON.parse(await readFile(join(folder, "w.json"), "utf8")) as Layout;
  edit(layout);
  await writeFile(join(folder, "w.json"), JSON.stringify(layout));
}

test("lays tensors out on cache lines and reads them back without making them again", async () => {
  const first = await compile();
  expect(made).toBe(1);
  const second = await compile();
  expect(made).toBe(0);
  expect(second).toEqual(first);
  expect(first.get("b")).toEqual({ file: "w.bin", offset: 64, length: 8, dtype: "float32", shape: [2, 1] });
  const bytes = await readFile(join(folder, "w.bin"));
  expect([bytes.readInt8(1), bytes.readFloatLE(64), bytes.readFloatLE(68)]).toEqual([-2, 0.5, 4]);
});

test.each([
  ["the weights are cut short", () => truncate(join(folder, "w.bin"), 70)],
  ["the weights are gone", () => rm(join(folder, "w.bin"))],
  ["the layout is gone", () => rm(join(folder, "w.json"))],
  ["the layout is not JSON", () => writeFile(join(folder, "w.json"), "{")],
  ["the layout points beyond the weights", () => editLayout(({ tensors }) => (tensors["b"]!.offset = 640))],
  ["the layout points into another tensor", () => editLayout(({ tensors }) => (tensors["b"]!.offset = 0))],
  [
    "a tensor's shape is not that of its values",
    () => editLayout(({ tensors }) => (tensors["b"]!.shape = [9])),
  ],
  ["the layout lacks a tensor", () => editLayout(({ tensors }) => delete tensors["b"])],
  ["the layout is of another version", () => writeFile(join(folder, "w.json"), '{"version":0}')],
])("makes both files again where %s", async (_, damage) => {
  const first = await compile();
  await damage();
  expect(await compile()).toEqual(first);
  expect(made).toBe(1);
  expect((await readFile(join(folder, "w.bin"))).length).toBe(72);
});

test("nothing is written where all is there already; where something is not, the way out is named", async () => {
  const first = await compile();
  const graph = await writeGraph(folder, "g", Uint8Array.of(1, 2));
  await chmod(folder, 0o555);
  await asNobody(async () => {
    expect(await compile()).toEqual(first);
    expect(await writeGraph(folder, "g", Uint8Array.of(1, 2))).toBe(graph);
    await expect(writeGraph(folder, "g", Uint8Array.of(1, 3))).rejects.toMatchObject({
      code: "LORAG_NO_PERMISSION",
      next: expect.stringContaining("LORAG_HOME"),
    });
  });
  await chmod(folder, 0o755);
  await writeFile(graph, "torn");
  await writeGraph(folder, "g", Uint8Array.of(1, 2));
  expect([...(await readFile(graph))]).toEqual([1, 2]);
});
