import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Example } from "../../contracts/index.ts";
import { openModel, resolveModel, type OpenModel, type ResolvedModel } from "../../models/index.ts";
import { tinySettings, writeTinyLlama } from "../tiny-llama.case.ts";
import { preference } from "./preference.ts";

let folder: string;
let resolved: ResolvedModel;
let model: OpenModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-pairs-"));
  await writeTinyLlama(folder);
  resolved = await resolveModel(folder);
  model = await openModel(resolved);
});
afterAll(async () => {
  model.weights.close();
  await rm(folder, { recursive: true });
});

const pair = (id: string, completion: string, rejected?: string): Example => ({
  id,
  prompt: [{ role: "user", content: "which?" }],
  completion,
  ...(rejected !== undefined && { rejected }),
});

const read = async (train: Example[], sequence_len = 64) =>
  preference(model, {
    model: resolved,
    train,
    validation: [],
    settings: { ...tinySettings, rl: "dpo", sequence_len },
    folder,
    checkpoints: folder,
    checkpointSeconds: 60,
    threads: 1,
  });

test("equal answers are refused, and so are those that differ in what the model does not read", async () => {
  for (const rejected of ["red", " red\n"])
    await expect(read([pair("a", "red", "blue"), pair("b", "red", rejected)])).rejects.toMatchObject({
      code: "LORAG_EQUAL_PAIR",
      message: expect.stringContaining('example b are the same: "red"'),
    });
  // The tiny model has no token for either letter.
  await expect(read([pair("c", "r\u00e9d", "r\u00ead")])).rejects.toMatchObject({ code: "LORAG_EQUAL_PAIR" });
});

test("an example without a rejected answer, and a pair of which one is too long, are left out", async () => {
  const long = "so ".repeat(40);
  const { examples } = await read([pair("a", "red", "blue"), pair("b", "red"), pair("c", "red", long)]);
  expect(examples).toMatchObject({ count: 1, tooLong: ["c (rejected)"] });
  await expect(read([pair("b", "red")])).rejects.toMatchObject({ code: "LORAG_NO_PAIRS" });
  await expect(read([pair("c", "red", long)])).rejects.toMatchObject({ code: "LORAG_NO_PAIRS" });
});

test("an answer of 100,000 tokens is left out like any other that is too long", async () => {
  const { examples } = await read([pair("a", "red", "blue"), pair("b", "x".repeat(100_000), "blue")]);
  expect(examples).toMatchObject({ count: 1, tooLong: ["b"] });
  expect(examples.longest).toBeGreaterThan(100_000);
});
