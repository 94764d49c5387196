import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trainingDefaults, type Example } from "../src/contracts/index.ts";
import { createClassifier } from "../src/inference/index.ts";
import { resolveModel } from "../src/models/index.ts";
import { randomStream, shuffle } from "../src/random/index.ts";
import { trainAdapter, type TrainingSettings } from "../src/training/index.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";
import { describeMachine, round, type BenchResult, type BenchRow } from "./result.ts";
import { tfidfAccuracy } from "./tfidf-accuracy.ts";

const seeds = [1, 2, 3].slice(0, Number(process.env["BENCH_SEEDS"] ?? 3));
const validationShare = 0.1;

export interface Parts {
  train: Example[];
  validation: Example[];
  heldOut: Example[];
}

/** A fifth of every intent's questions is held out, and a tenth of the rest is for validation. */
export async function splitByIntent(seed: number): Promise<Parts> {
  const examples = (await readBanking77()).map(toExample);
  const labels = [...new Set(examples.map(({ completion }) => completion))];
  const parts: Parts = { train: [], validation: [], heldOut: [] };
  for (const label of labels) {
    const own = examples.filter(({ completion }) => completion === label);
    const mixed = shuffle(own, randomStream(seed));
    const [held, checked] = [0.2, validationShare * 0.8].map((share) => Math.round(share * mixed.length));
    parts.heldOut.push(...mixed.splice(0, held));
    parts.validation.push(...mixed.splice(0, checked));
    parts.train.push(...mixed);
  }
  return parts;
}

/** The settings that `lorag compare` has for a head by default. */
export function headSettings(changes: Partial<TrainingSettings>): TrainingSettings {
  const settings = { ...loraSettings, method: "head", sequence_len: 512, ...changes } as const;
  return {
    ...settings,
    ...trainingDefaults(settings),
    lr_scheduler: "cosine",
    warmup_ratio: 0.05,
    ...changes,
  };
}

/** Share of the held-out questions whose intent a head on MiniLM says. */
export async function headAccuracy(
  { train, validation, heldOut }: Parts,
  settings: TrainingSettings,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "lorag-heads-"));
  try {
    const model = await resolveModel("sentence-transformers/all-MiniLM-L6-v2");
    const began = performance.now();
    const record = await trainAdapter({
      model,
      train,
      validation,
      settings,
      folder: join(folder, "head"),
      checkpoints: join(folder, "checkpoints"),
      checkpointSeconds: 600,
    });
    const classifier = await createClassifier({ model, folder: record.adapter, arithmetic: "f32" });
    let right = 0;
    for (const { prompt, completion } of heldOut) {
      if ((await classifier.classify(prompt)).text === completion) right++;
    }
    await classifier.close();
    const accuracy = right / heldOut.length;
    console.error(
      `seed ${settings.seed}, frozen ${settings.freeze_base}: ${accuracy}, best step ${record.bestStep} of ${record.steps}, ${Math.round(performance.now() - began) / 1000} s`,
    );
    return accuracy;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function meanOver(measure: (parts: Parts, seed: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (const seed of seeds) values.push(await measure(await splitByIntent(seed), seed));
  return values;
}

/** Rows of a head on MiniLM, frozen or with LoRA, beside the floor. */
export async function headRows(kinds: readonly ("frozen" | "lora")[]): Promise<BenchRow[]> {
  const floor = await meanOver(async ({ train, validation, heldOut }) =>
    tfidfAccuracy({ train: [...train, ...validation], heldOut }),
  );
  const mean = (values: number[]) => round(values.reduce((a, b) => a + b, 0) / values.length);
  const unit = `accuracy on a fifth of each intent, mean of ${seeds.length} splits`;
  const rows: BenchRow[] = [{ name: "floor-tfidf", value: mean(floor), unit, ours: mean(floor), peer: "-" }];
  for (const kind of kinds) {
    const values = await meanOver((parts, seed) =>
      headAccuracy(parts, headSettings({ seed, freeze_base: kind === "frozen" })),
    );
    const spread = values.map((value) => value.toFixed(4)).join(", ");
    rows.push({ name: `head-${kind}-minilm`, value: mean(values), unit, ours: spread, peer: mean(floor) });
  }
  return rows;
}

export async function run(): Promise<BenchResult> {
  return { bench: "banking77-heads", machine: describeMachine(), rows: await headRows(["frozen", "lora"]) };
}
