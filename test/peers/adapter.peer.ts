import { spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { bindAdapter, mergeAdapter, openModel, readAdapter, resolveModel } from "../../src/models/index.ts";
import { adapterLogits } from "../../src/models/decoder/adapter-logits.case.ts";
import { trainAdapter, type TrainingSettings } from "../../src/training/index.ts";
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

/** Keys of PEFT's LoraConfig: it writes such an adapter first. */
type Write = Record<string, boolean> | null;

function inPeft(adapter: string, write: Write): Logits {
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

/** f32 logits of the ids with the adapter in the folder: beside the model where that can be, and merged into it. */
async function here(folder: string): Promise<{ beside: Float32Array | undefined; merged: Float32Array }> {
  const open = async () => openModel(await resolveModel(join(project, "model")));
  const adapter = await readAdapter(folder);
  const { rank, alpha, rankStabilized, targets } = adapter;
  const modules = targets!.modules as string[];
  const config = { rank, alpha, rankStabilized, dropout: 0, targets: modules };
  const nothing = { rank: 1, alpha: 1, dropout: 0, targets: ["q_proj"] };
  const work = (name: string) => join(project, `${basename(folder)}-${name}`);
  return {
    beside: adapter.dora
      ? undefined
      : await adapterLogits(work("beside"), await open(), ids, config, (layout) =>
          bindAdapter(layout, adapter),
        ),
    merged: await adapterLogits(
      work("merged"),
      mergeAdapter(await open(), adapter),
      ids,
      nothing,
      ({ size }) => new Float32Array(size),
    ),
  };
}

const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((gap, value, i) => Math.max(gap, Math.abs(value - b[i]!)), 0);
};

async function expectEqual(folder: string, peft: Logits): Promise<void> {
  const { beside, merged } = await here(folder);
  if (beside) expect(largestGap(peft.logits, beside)).toBeLessThan(1e-3);
  expect(largestGap(peft.logits, merged)).toBeLessThan(1e-3);
}

const kinds: readonly (readonly [string, Partial<TrainingSettings>, Record<string, boolean>])[] = [
  ["LoRA", {}, {}],
  ["rsLoRA", { peft_use_rslora: true }, { use_rslora: true }],
  ["DoRA", { method: "dora" }, { use_dora: true }],
  ["DoRA, stabilised", { method: "dora", peft_use_rslora: true }, { use_dora: true, use_rslora: true }],
];

test.each(kinds)("%s trained here loads in PEFT, and the logits agree", async (name, keys) => {
  const folder = join(project, `ours ${name}`);
  await trainAdapter({
    model: await resolveModel(join(project, "model")),
    train: colourExamples(24, 1),
    validation: [],
    settings: { ...tinySettings, ...keys },
    folder,
    checkpoints: join(project, "checkpoints"),
  });
  const peft = inPeft(folder, null);
  expect(largestGap(peft.logits, peft.base)).toBeGreaterThan(1);
  await expectEqual(folder, peft);
});

test.each(kinds)("%s that PEFT wrote loads here, and the logits agree", async (name, _, write) => {
  const folder = join(project, `theirs ${name}`);
  const peft = inPeft(folder, write);
  expect(largestGap(peft.logits, peft.base)).toBeGreaterThan(0.1);
  await expectEqual(folder, peft);
});
