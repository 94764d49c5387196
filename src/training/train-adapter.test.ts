import { copyFile, mkdir, mkdtemp, readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAdapter, resolveModel, type ResolvedModel } from "../models/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";
import { planTraining, trainAdapter, type TrainAdapterOptions } from "./train-adapter.ts";
import type { TrainingPlan } from "./train-worker.ts";

let project: string;
let model: ResolvedModel;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "lorag-train-"));
  process.env["LORAG_HOME"] = join(project, "cache");
  await writeTinyLlama(join(project, "model"));
  model = await resolveModel(join(project, "model"));
});

async function train(name: string, changed: Partial<TrainAdapterOptions> = {}) {
  let plan: TrainingPlan | undefined;
  const options: TrainAdapterOptions = {
    model,
    train: colourExamples(12, 1),
    validation: colourExamples(4, 2),
    settings: { ...tinySettings, num_epochs: 1 },
    folder: join(project, name, "adapter"),
    checkpoints: join(project, name, "checkpoints"),
    threads: 1,
    onPlan: (told) => (plan = told),
    ...changed,
  };
  const record = await trainAdapter(options);
  return { record, plan: plan!, adapter: await readAdapter(options.folder) };
}

test("it leaves a PEFT folder and a record of the training", async () => {
  const { record, plan, adapter } = await train("first");
  expect(plan).toMatchObject({ examples: 12, tooLong: [], done: 0, ignored: [] });
  expect(record).toMatchObject({
    examples: 12,
    steps: plan.steps,
    device: "cpu",
    adapter: join(project, "first", "adapter"),
  });
  expect(record.losses).toHaveLength(plan.steps + 1);
  expect(record.retention!.before).not.toBe(record.retention!.after);
  expect(adapter).toMatchObject({ rank: 4, alpha: 8, baseModel: model.name });
  expect(adapter.tensors.size).toBe(2 * 7 * 2);
  expect(JSON.parse(await readFile(join(project, "first", "adapter", "training.json"), "utf8"))).toEqual(
    record,
  );
});

test("a plan measures a few passes and leaves nothing behind", async () => {
  const folder = join(project, "planned", "adapter");
  const plan = await planTraining({
    model,
    train: colourExamples(12, 1),
    validation: colourExamples(4, 2),
    settings: { ...tinySettings, num_epochs: 2 },
    folder,
    checkpoints: join(project, "planned", "checkpoints"),
    threads: 1,
  });
  expect(plan).toMatchObject({ passes: plan.steps, validations: 3 });
  expect(plan.seconds).toBeGreaterThan(plan.passes * plan.secondsPerPass);
  expect(plan.peakBytes).toBeGreaterThan(2 ** 25);
  expect(await readdir(project)).not.toContain("planned");
});

test("int8 trains, too", async () => {
  const { record } = await train("int8", { settings: { ...tinySettings, arithmetic: "int8" } });
  expect(record.losses.at(-1)!.validation!).toBeLessThan(record.losses[0]!.validation! / 2);
});

test("an abort keeps the work; the next run goes on from it and ends as one that was left alone", async () => {
  // Long enough that the word to stop arrives before the end.
  const settings = { ...tinySettings, num_epochs: 80 };
  const whole = await train("whole", { settings });
  const abort = new AbortController();
  const stopped = train("stopped", {
    settings,
    signal: abort.signal,
    onStep: ({ step }) => step === 2 && abort.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "LORAG_INTERRUPTED", exitCode: 130 });
  expect(await readdir(join(project, "stopped"))).toEqual(["checkpoints"]);
  const resumed = await train("stopped", { settings });
  expect(resumed.plan.done).toBeGreaterThanOrEqual(2);
  expect(resumed.plan.done).toBeLessThan(resumed.plan.steps);
  expect(resumed.adapter.tensors).toEqual(whole.adapter.tensors);
});

test("checkpoints of other settings or examples are left alone, and said so", async () => {
  await train("changed");
  const { plan } = await train("changed", { settings: { ...tinySettings, num_epochs: 1, lora_r: 2 } });
  expect(plan.done).toBe(0);
  expect(plan.ignored).toEqual([expect.stringMatching(/is of other settings, examples or model$/)]);
  expect((await train("changed")).plan).toMatchObject({ done: plan.steps });
});

test("a run that came to no checkpoint is none that is left alone", async () => {
  const [run] = await readdir(join(project, "int8", "checkpoints"));
  const cutOff = join(
    project,
    "cut-off",
    "checkpoints",
    run!.replace(/^./, (first) => (first === "0" ? "1" : "0")),
  );
  await mkdir(cutOff, { recursive: true });
  await copyFile(join(project, "int8", "checkpoints", run!, "metrics.jsonl"), join(cutOff, "metrics.jsonl"));
  expect((await train("cut-off")).plan.ignored).toEqual([]);
});

test("a run that goes on after one with other settings keeps its own curve", async () => {
  const settings = { ...tinySettings, num_epochs: 80 };
  const stopAfter = (steps: number, changed: Partial<TrainAdapterOptions>) => {
    const abort = new AbortController();
    const onStep = ({ step }: { step: number }) => step === steps && abort.abort();
    return train("curves", { signal: abort.signal, onStep, ...changed });
  };
  const interrupted = { code: "LORAG_INTERRUPTED" };
  await expect(stopAfter(6, { settings })).rejects.toMatchObject(interrupted);
  const other = { ...settings, learning_rate: 1e-4 };
  await expect(stopAfter(2, { settings: other })).rejects.toMatchObject(interrupted);
  const { plan } = await train("curves", { settings });
  const checkpoints = join(project, "curves", "checkpoints");
  const curves = await Promise.all(
    (await readdir(checkpoints)).map(async (run) => {
      const lines = (await readFile(join(checkpoints, run, "metrics.jsonl"), "utf8")).trim().split("\n");
      return lines.map((line) => (JSON.parse(line) as { step: number }).step);
    }),
  );
  expect(curves).toContainEqual(Array.from({ length: plan.steps + 1 }, (_, step) => step));
});

test("examples that are too long are named and left out; bad settings are refused", async () => {
  const long = { ...colourExamples(1, 3)[0]!, id: "long", completion: "red ".repeat(40) };
  expect((await train("long", { train: [...colourExamples(8, 1), long] })).plan.tooLong).toEqual(["long"]);
  await expect(train("none", { train: [long] })).rejects.toMatchObject({ code: "LORAG_ALL_TOO_LONG" });
  await expect(train("unseen", { validation: [long] })).rejects.toMatchObject({
    code: "LORAG_ALL_TOO_LONG",
    message: expect.stringContaining("only validation example"),
  });
  await expect(train("empty", { train: [] })).rejects.toMatchObject({ code: "LORAG_EXAMPLES_EMPTY" });
  const beyond = { settings: { ...tinySettings, sequence_len: 4096 } };
  await expect(train("beyond", beyond)).rejects.toMatchObject({ code: "LORAG_SEQUENCE_LEN" });
  const target = { settings: { ...tinySettings, lora_target_modules: ["w_pack"] } };
  await expect(train("target", target)).rejects.toMatchObject({ code: "LORAG_LORA_TARGET" });
});
