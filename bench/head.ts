import { homedir } from "node:os";
import { join } from "node:path";
import { openModel, openTextModel, resolveModel } from "../src/models/index.ts";
import { startWorker } from "../src/platform/index.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { headSettings } from "./banking77-heads.ts";
import type { HeadJob, HeadSideMethods, HeadSideResult } from "./head-side.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";
import { runSide } from "./train.ts";

const textsPerBatch = 16;
/** In one process; the first warms up. */
const steps = 8;
const rounds = 3;

/** Examples a second of MiniLM with LoRA (r = 8 on all linear layers) and a head, in float32, against PEFT on torch CPU. */
export async function run(): Promise<BenchResult> {
  const { job, folder } = await makeJob();
  const losses: Record<string, number> = {};
  const side = (name: string, start: () => Promise<HeadSideResult>) => async (): Promise<number> => {
    const result = await start();
    losses[name] = result.losses[0]!;
    // Batches differ in length: all but the first, which warms up.
    const seconds = result.seconds.slice(1);
    return (textsPerBatch * seconds.length) / seconds.reduce((sum, each) => sum + each, 0);
  };
  const best = await interleave(
    rounds,
    { f32: side("f32", () => ours(job)), "peft-f32": side("peft-f32", () => peft(job, folder)) },
    "higher",
  );
  // The two compute the same thing, or the timings mean nothing. Adapters start as no change on both sides.
  const gap = Math.abs(losses["f32"]! - losses["peft-f32"]!);
  if (gap > 1e-3) throw new Error(`the first losses differ: ${losses["f32"]} and ${losses["peft-f32"]}`);
  return {
    bench: "head",
    machine: describeMachine(),
    rows: [
      {
        name: "f32/peft-f32",
        value: round(best.f32 / best["peft-f32"]),
        unit: "speed-up",
        ours: `${round(best.f32)} examples/s`,
        peer: `${round(best["peft-f32"])} examples/s`,
      },
    ],
  };
}

/** Banking77 questions with the numbers of their labels. */
async function makeJob(): Promise<{ job: HeadJob; folder: string }> {
  const resolved = await resolveModel("sentence-transformers/all-MiniLM-L6-v2");
  const model = await openModel(resolved);
  model.weights.close();
  const { encode, hiddenSize } = await openTextModel(model, resolved);
  const examples = (await readBanking77()).map(toExample);
  const labels = [...new Set(examples.map(({ completion }) => completion))];
  // Questions of one label lie together: those of a batch are far apart.
  const apart = Math.floor(examples.length / (textsPerBatch * steps));
  const batches = Array.from({ length: steps }, (_, step) => {
    const own = Array.from(
      { length: textsPerBatch },
      (_, place) => examples[(place * steps + step) * apart]!,
    );
    return {
      texts: own.map(({ prompt }) => [...encode(prompt, 256)]),
      targets: own.map(({ completion }) => labels.indexOf(completion)),
    };
  });
  const start = Array.from(
    { length: labels.length * (hiddenSize + 1) },
    (_, i) => 0.02 * Math.sin(12.9898 * i),
  );
  const settings = headSettings({ freeze_base: false, warmup_ratio: 0, lr_scheduler: "constant" });
  return {
    job: { model: resolved.name, threads: 2, settings, labels: labels.length, start, batches },
    folder: resolved.folder,
  };
}

async function ours(job: HeadJob): Promise<HeadSideResult> {
  const worker = startWorker<never, HeadSideMethods>(new URL("./head-side.ts", import.meta.url));
  try {
    return await worker.call("train", [job]);
  } finally {
    await worker.close();
  }
}

function peft({ settings, ...job }: HeadJob, model: string): Promise<HeadSideResult> {
  const { lora_r: rank, lora_alpha: alpha, learning_rate } = settings;
  const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
  const asked = { ...job, model, rank, alpha, learning_rate };
  return runSide(join(peers, "bin/python"), ["bench/peers/train_head.py"], asked);
}
