import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { adapterModules, bindAdapter, openModel, readAdapter, resolveModel } from "../../src/models/index.ts";
import { adapterLogits } from "../../src/models/decoder/adapter-logits.case.ts";
import { trainAdapter } from "../../src/training/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../../src/training/tiny-llama.case.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");
let project: string;
let ids: number[];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "lorag-adapter-"));
  process.env["LORAG_HOME"] = join(project, "cache");
  await writeTinyLlama(join(project, "model"));
  const model = await openModel(await resolveModel(join(project, "model")));
  model.weights.close();
  const [example] = colourExamples(1, 5);
  ids = model.tokenizer.encode(model.chatTemplate!.render(example!.prompt, { prompt: true }));
});

interface Logits {
  logits: number[];
  /** Without the adapter. */
  base: number[];
}

function inPeft(adapter: string, write: boolean): Logits {
  const job = { model: join(project, "model"), adapter, ids, write };
  const script = "test/golden/adapter.py";
  const run = spawnSync(python, [script], {
    input: JSON.stringify(job),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr || String(run.error));
  return JSON.parse(run.stdout.trim().split("\n").at(-1)!) as Logits;
}

/** f32 logits of the ids with the adapter in the folder. */
async function here(folder: string): Promise<Float32Array> {
  const model = await openModel(await resolveModel(join(project, "model")));
  const adapter = await readAdapter(folder);
  const lora = { rank: adapter.rank, alpha: adapter.alpha, dropout: 0, targets: adapterModules(adapter) };
  return adapterLogits(project, model, ids, lora, (layout) => bindAdapter(layout, adapter));
}

const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i]!)), 0);
};

test("an adapter trained here loads in PEFT, and the logits agree", async () => {
  const folder = join(project, "ours");
  await trainAdapter({
    model: await resolveModel(join(project, "model")),
    train: colourExamples(24, 1),
    validation: [],
    settings: tinySettings,
    folder,
    checkpoints: join(project, "checkpoints"),
  });
  const peft = inPeft(folder, false);
  expect(largestGap(peft.logits, peft.base)).toBeGreaterThan(1);
  expect(largestGap(peft.logits, await here(folder))).toBeLessThan(1e-3);
});

test("an adapter that PEFT wrote loads here, and the logits agree", async () => {
  const folder = join(project, "theirs");
  const peft = inPeft(folder, true);
  expect(largestGap(peft.logits, peft.base)).toBeGreaterThan(0.1);
  expect(largestGap(peft.logits, await here(folder))).toBeLessThan(1e-3);
});
