import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { openModel, resolveModel } from "../src/models/index.ts";
import { startWorker } from "../src/platform/index.ts";
import { encodeExample } from "../src/training/objectives/encode.ts";
import { encodeOptions } from "../src/training/objectives/model-encoding.ts";
import { readBanking77, toExample } from "./banking77-data.ts";
import { loraSettings } from "./lora-settings.ts";
import { describeMachine, interleave, round, type BenchResult } from "./result.ts";
import type { SideResult, TrainJob, TrainSideMethods } from "./train-side.ts";

const modelName = "HuggingFaceTB/SmolLM2-135M-Instruct";
const threads = 2;
const rows = 16;
const length = 64;
/** In one process; the first warms up. */
const steps = 6;
const rounds = 2;

/** Seconds of a LoRA step (r = 8 on all linear layers, 16 x 64 tokens) and peak memory, against PEFT on torch CPU. */
export async function run(): Promise<BenchResult> {
  const job = await makeJob();
  const rss: Record<string, number> = {};
  const losses: Record<string, number[]> = {};
  const side = (name: string, start: () => Promise<SideResult>) => async (): Promise<number> => {
    const result = await start();
    rss[name] = Math.min(rss[name] ?? Infinity, result.rss);
    losses[name] = result.losses;
    return Math.min(...result.seconds);
  };
  const best = await interleave(
    rounds,
    {
      int8: side("int8", () => ours({ ...job, settings: { ...job.settings, arithmetic: "int8" } })),
      "peft-bf16": side("peft-bf16", () => peft(job, "bfloat16")),
      f32: side("f32", () => ours(job)),
      "peft-f32": side("peft-f32", () => peft(job, "float32")),
    },
    "lower",
  );
  // The two compute the same thing, or the timings mean nothing. Adapters start as no change on both sides.
  const [mine, theirs] = [losses["f32"]![0]!, losses["peft-f32"]![0]!];
  if (Math.abs(mine - theirs) > 1e-3) throw new Error(`the first losses differ: ${mine} and ${theirs}`);

  const ratio = (ourName: "int8" | "f32", peerName: "peft-bf16" | "peft-f32") => ({
    name: `${ourName}/${peerName}`,
    value: round(best[peerName] / best[ourName]),
    unit: "speed-up of a step",
    ours: `${round(best[ourName])} s`,
    peer: `${round(best[peerName])} s`,
  });
  // The larger of our two, so that the row holds for both.
  const memory = Math.max(rss["int8"]!, rss["f32"]!);
  return {
    bench: "train",
    machine: describeMachine(),
    rows: [
      ratio("int8", "peft-bf16"),
      ratio("int8", "peft-f32"),
      ratio("f32", "peft-f32"),
      {
        name: "rss/peft-f32",
        value: round(memory / rss["peft-f32"]!),
        unit: "peak memory, lower is better",
        ours: `${round(memory / 2 ** 30)} GiB`,
        peer: `${round(rss["peft-f32"]! / 2 ** 30)} GiB`,
      },
    ],
  };
}

/** Banking77 questions with their labels, one to a row. */
export async function makeJob(): Promise<TrainJob> {
  const model = await openModel(await resolveModel(modelName));
  model.weights.close();
  const options = encodeOptions(model);
  const sequences = (await readBanking77())
    .map((row) => encodeExample(toExample(row), options))
    .filter(({ ids }) => ids.length <= length)
    .slice(0, rows * steps);
  const pad = (values: Iterable<number>, filler: number): number[] => {
    const list = [...values];
    return [...list, ...new Array<number>(length - list.length).fill(filler)];
  };
  const batches = Array.from({ length: steps }, (_, step) => {
    const batch = sequences.slice(step * rows, (step + 1) * rows);
    return {
      ids: batch.map(({ ids }) => pad(ids, model.tokenizer.eos!)),
      labels: batch.map(({ ids, completionStart }) =>
        pad(
          ids.map((id, place) => (place < completionStart ? -100 : id)),
          -100,
        ),
      ),
    };
  });
  return {
    model: modelName,
    threads,
    batches,
    settings: { ...loraSettings, arithmetic: "f32", micro_batch_size: rows, sequence_len: length },
  };
}

export async function ours(job: TrainJob): Promise<SideResult> {
  const worker = startWorker<never, TrainSideMethods>(new URL("./train-side.ts", import.meta.url));
  try {
    return await worker.call("train", [job]);
  } finally {
    await worker.close();
  }
}

export async function peft(job: TrainJob, dtype: string): Promise<SideResult> {
  const { folder, files } = await resolveModel(job.model);
  const gguf = join(
    folder,
    files.find((file) => file.endsWith(".gguf"))!,
  );
  const { lora_r: rank, lora_alpha: alpha, learning_rate } = job.settings;
  const peers = process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers");
  return runSide(join(peers, "bin/python"), ["bench/peers/train_peft.py"], {
    gguf,
    dtype,
    threads: job.threads,
    method: job.settings.method,
    rank,
    alpha,
    learning_rate,
    batches: job.batches,
  });
}

/** Runs a peer's script, which reads the job and prints its result as JSON. */
export function runSide<Result = SideResult>(command: string, args: string[], job: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (piece: Buffer) => (output += piece));
    child.stderr.on("data", (piece: Buffer) => (errors += piece));
    child.once("error", reject);
    child.once("close", (code) => {
      const line = output.trim().split("\n").at(-1) ?? "";
      if (code === 0) resolve(JSON.parse(line) as Result);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code}: ${errors.slice(-2000)}`));
    });
    child.stdin.end(JSON.stringify(job));
  });
}
