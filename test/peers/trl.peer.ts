import { spawnSync } from "node:child_process";
import { readFile, mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAdapter, resolveModel, type ResolvedModel } from "../../src/models/index.ts";
import { createTrlTrainer, trainAdapter } from "../../src/training/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "../../src/training/tiny-llama.case.ts";
import { describeTrainer } from "../../src/training/trainers/trainer.case.ts";
import type { TrlOptions } from "../../src/training/trainers/trl/trl-trainer.ts";
import type { TrainerJob } from "../../src/training/trainers/trainer.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");
const options: TrlOptions = { launcher: "run", python, processes: 2, hosts: [], nodes: 1 };
let folder: string;
let model: ResolvedModel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-trl-"));
  process.env["LORAG_HOME"] = join(folder, "cache");
  await writeTinyLlama(join(folder, "model"));
  model = await resolveModel(join(folder, "model"));
});

const jobOf = (name: string): TrainerJob => ({
  train: colourExamples(name === "left" || name === "killed" ? 80 : 16, 1),
  validation: colourExamples(6, 2),
  settings: { ...tinySettings, num_epochs: name === "left" || name === "killed" ? 12 : 3 },
  folder: join(folder, name, "adapter"),
  checkpoints: join(folder, name, "checkpoints"),
});

/** Where each of the job's launches began. */
function launches(name: string): number[] {
  const pattern = join(folder, name, "checkpoints");
  const found = spawnSync("bash", ["-c", `cat '${pattern}'/trl-*/out/launches.jsonl`], { encoding: "utf8" });
  return found.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { from: number }).from);
}

describeTrainer("trl", () => ({
  trainer: createTrlTrainer(model, options),
  job: jobOf,
  begun: (name) => launches(name).filter((from) => from === 0).length,
}));

test.each([
  ["lora", {}],
  [
    "dora with LoRA+, decay and accumulation",
    {
      method: "dora",
      loraplus_lr_ratio: 4,
      weight_decay: 0.1,
      gradient_accumulation_steps: 2,
    },
  ],
  [
    "rsLoRA on some modules",
    {
      peft_use_rslora: true,
      lora_target_modules: ["q_proj", "v_proj"],
      peft_layers_to_transform: [1],
      lr_scheduler: "linear",
    },
  ],
] satisfies [string, Partial<TrainerJob["settings"]>][])(
  "%s: two processes take the losses of the engine here, and bring the same adapter home",
  async (name, changes) => {
    const job = jobOf(name);
    const settings = { ...job.settings, ...changes };
    const theirs = await createTrlTrainer(model, options).train({ ...job, settings });
    const ours = await trainAdapter({
      ...job,
      settings,
      model,
      folder: join(folder, name, "ours"),
      checkpoints: join(folder, name, "here"),
    });
    expect(theirs.record.losses.map(({ step }) => step)).toEqual(ours.losses.map(({ step }) => step));
    for (const [index, { train, validation }] of ours.losses.entries()) {
      const peer = theirs.record.losses[index]!;
      if (train !== null) expect(Math.abs(peer.train! / train - 1)).toBeLessThan(0.02);
      if (validation !== null) expect(Math.abs(peer.validation! / validation - 1)).toBeLessThan(0.02);
    }
    expect(theirs.record.bestStep).toBe(ours.bestStep);
    const [here, there] = await Promise.all([join(folder, name, "ours"), job.folder].map(readAdapter));
    expect({ ...there, tensors: [...there!.tensors.keys()].sort() }).toEqual({
      ...here,
      tensors: [...here!.tensors.keys()].sort(),
    });
    expect(await readFile(join(job.folder, "metrics.jsonl"), "utf8")).toContain('"validation":');
  },
);

test("one of two processes killed: all begin again at the last checkpoint, and the job ends as if nothing had been", async () => {
  const job = jobOf("killed");
  let killed = false;
  const steps: number[] = [];
  const { record } = await createTrlTrainer(model, options).train(job, {
    onStep: ({ step }) => {
      steps.push(step);
      if (step < 25 || killed) return;
      killed = true;
      const workers = spawnSync("pgrep", ["-f", `${python}.*-u? ?${join(job.checkpoints, "trl-")}`], {
        encoding: "utf8",
      });
      const pids = workers.stdout.split("\n").filter(Boolean);
      process.kill(Number(pids.at(-1)), "SIGKILL");
    },
  });
  expect(killed).toBe(true);
  expect(launches("killed")).toHaveLength(2);
  expect(launches("killed")[1]).toBeGreaterThan(0);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  const whole = await createTrlTrainer(model, options).train({
    ...job,
    folder: join(folder, "whole", "a"),
    checkpoints: join(folder, "whole", "c"),
  });
  expect(record.losses.at(-1)!.validation).toBeCloseTo(whole.record.losses.at(-1)!.validation!, 4);
});
