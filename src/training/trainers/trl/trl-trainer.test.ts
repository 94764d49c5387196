import { mkdtemp, readdir, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAdapter, resolveModel, writeAdapter, type ResolvedModel } from "../../../models/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../../tiny-llama.case.ts";
import type { TrainerJob } from "../trainer.ts";
import { createTrlTrainer, type TrlOptions } from "./trl-trainer.ts";

let folder: string;
let model: ResolvedModel;
const options: TrlOptions = { launcher: "run", processes: 1, hosts: [], nodes: 1 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-trl-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  model = await resolveModel(join(folder, "model"));
});

const jobOf = (name: string): TrainerJob => ({
  train: colourExamples(6, 1),
  validation: colourExamples(2, 2),
  settings: tinySettings,
  folder: join(folder, name, "adapter"),
  checkpoints: join(folder, name, "checkpoints"),
});

test("without TRL it says how to get it", async () => {
  await expect(createTrlTrainer(model, options).train(jobOf("none"))).rejects.toMatchObject({
    code: "LORAG_NO_TRL",
    next: expect.stringContaining("lorag doctor --setup trl"),
  });
});

test("what is no adapter learning answers is refused before anything is written", async () => {
  const job = jobOf("full");
  const train = createTrlTrainer(model, { ...options, python: "python3" }).train({
    ...job,
    settings: { ...job.settings, method: "full" },
  });
  await expect(train).rejects.toMatchObject({ code: "LORAG_TRL_METHOD" });
  await expect(readdir(join(folder, "full"))).rejects.toThrow();
});

test("a job that fails says with which words, and where", async () => {
  const python = join(folder, "python");
  await writeFile(
    python,
    "#!/bin/sh\necho 'Traceback:' >&2\necho 'ValueError: no such thing' >&2\nexit 1\n",
    { mode: 0o755 },
  );
  await expect(createTrlTrainer(model, { ...options, python }).train(jobOf("fails"))).rejects.toMatchObject({
    code: "LORAG_TRAINING_FAILED",
    message: expect.stringContaining("this machine says: ValueError: no such thing"),
  });
});

test("a job for Slurm is written whole, its curve followed, and its adapter brought home", async () => {
  const job = jobOf("slurm");
  const steps: number[] = [];
  const onMessage = async (message: string): Promise<void> => {
    const script = /`sbatch (.*?)`/.exec(message)![1]!;
    const made = join(script, "..");
    expect(await readdir(made)).toEqual(
      expect.arrayContaining(["adapter", "job", "model", "train.py", "train.slurm"]),
    );
    // What train.py leaves.
    const out = join(made, "out");
    await mkdir(out, { recursive: true });
    await writeAdapter(join(out, "best"), await readAdapter(join(made, "adapter")));
    const line = { steps: 2, epoch: 1, learningRate: 1, gradientNorm: 1, tokens: 0, seconds: 1 };
    await writeFile(
      join(out, "metrics.jsonl"),
      [1, 2].map((step) => `${JSON.stringify({ ...line, step, train: 1, validation: 3 - step })}\n`).join(""),
    );
    await writeFile(join(out, "done.json"), JSON.stringify({ steps: 2, device: "gpu" }));
  };
  const result = await createTrlTrainer(model, { ...options, launcher: "slurm", nodes: 2 }).train(job, {
    onStep: ({ step }) => steps.push(step),
    onMessage: (message) => void onMessage(message),
  });
  expect(steps).toEqual([1, 2]);
  expect(result.record).toMatchObject({ steps: 2, bestStep: 2, device: "gpu", examples: 6 });
  expect(await readdir(job.folder)).toEqual(
    expect.arrayContaining([
      "adapter_config.json",
      "adapter_model.safetensors",
      "metrics.jsonl",
      "training.json",
    ]),
  );
});
