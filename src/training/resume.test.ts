import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { randomStream } from "../random/index.ts";
import { canMount, onSmallDisk } from "../platform/faults.case.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import { writeTinyLlama } from "./tiny-llama.case.ts";

const child = fileURLToPath(new URL("./train-child.case.ts", import.meta.url));
let project: string;
/** A run that was left alone. */
let whole: Awaited<ReturnType<typeof train>>;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "lorag-resume-"));
  await writeTinyLlama(join(project, "model"));
  whole = await train("whole");
}, 60_000);

const stepsIn = (output: string) => [...output.matchAll(/step (\d+)\n/g)].map((match) => Number(match[1]));

/** Runs the training of `name`; it is killed a moment after it has reported so many steps. Returns the steps seen. */
function train(
  name: string,
  kill?: { afterSteps: number; delayMs: number },
): Promise<{ steps: number[]; code: number | null }> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, ["--import", "tsx", child, join(project, name)], {
      env: { ...process.env, LORAG_HOME: join(project, "cache") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    run.stdout.on("data", (piece: Buffer) => {
      output += piece;
      if (kill && stepsIn(output).length >= kill.afterSteps)
        setTimeout(() => run.kill("SIGKILL"), kill.delayMs);
    });
    run.once("error", reject);
    run.once("close", (code) => resolve({ steps: stepsIn(output), code }));
  });
}

const adapterOf = (name: string) => readFile(join(project, name, "adapter", "adapter_model.safetensors"));
async function lastState(name: string) {
  return (await loadCheckpoint(join(project, name, "checkpoints", await runFolder(name)))).checkpoint!;
}
const runFolder = async (name: string) =>
  (await readdir(join(project, name, "checkpoints"))).find((entry) => /^[0-9a-f]{16}$/.test(entry))!;

test("killed at random moments and run again, training ends bit-identical to a run that was left alone", async () => {
  expect(whole.code).toBe(0);
  const steps = whole.steps.at(-1)!;

  const seed = Date.now();
  const random = randomStream(seed);
  let interrupted = 0;
  let resumed = 0;
  for (let runs = 0; runs < 10; runs++) {
    // Anywhere: within a step, while a checkpoint is written, between two files of it.
    const kill = { afterSteps: 2 + Math.floor(random() * 4), delayMs: random() * 60 };
    const { steps: seen, code } = await train("killed", interrupted < 3 ? kill : undefined);
    if (seen.length > 0 && seen[0]! > 0) resumed++;
    if (code === 0) break;
    interrupted++;
  }
  const moments = `killed at moments of the seed ${seed}`;
  expect(interrupted, moments).toBeGreaterThanOrEqual(2);
  expect(resumed, moments).toBeGreaterThanOrEqual(1);
  expect((await adapterOf("killed")).equals(await adapterOf("whole")), moments).toBe(true);

  const [expected, found] = [await lastState("whole"), await lastState("killed")];
  expect(found.arrays, moments).toEqual(expected.arrays);
  expect({ ...found, seconds: 0, arrays: 0 }, moments).toEqual({ ...expected, seconds: 0, arrays: 0 });

  // The curve on disk has each step once, whatever was done twice.
  const curve = join(project, "killed", "checkpoints", await runFolder("killed"), "metrics.jsonl");
  const lines = (await readFile(curve, "utf8")).trim().split("\n");
  const stepsSeen = lines.map((line) => (JSON.parse(line) as { step: number }).step);
  expect(stepsSeen, moments).toEqual(Array.from({ length: steps + 1 }, (_, step) => step));
}, 300_000);

test.skipIf(!canMount)(
  "a full disk ends training with an error; with room again it goes on to the same end",
  async () => {
    const state = join(project, "whole", "checkpoints", await runFolder("whole"));
    const checkpoint = join(
      state,
      (await readdir(state)).find((entry) => entry.startsWith("step-"))!,
    );
    const sizes = await Promise.all((await readdir(checkpoint)).map((file) => stat(join(checkpoint, file))));
    // Room for two checkpoints, with the other files: the third is not written whole.
    const kib = Math.ceil((2.5 * sizes.reduce((total, { size }) => total + size, 0)) / 1024);

    const disk = join(project, "full");
    await mkdir(disk);
    const run = `LORAG_HOME=${join(project, "cache")} ${process.execPath} --import tsx ${child} ${disk}`;
    const { stdout, stderr } = await onSmallDisk(
      disk,
      `${kib}k`,
      `${run}; echo then; mount -o remount,size=64m ${disk}; ${run} && cp ${disk}/adapter/adapter_model.safetensors ${project}/after`,
    );
    expect(stderr).toContain("LORAG_DISK_FULL");
    const [before, after] = stdout.split("then").map(stepsIn) as [number[], number[]];
    expect(before.length).toBeGreaterThan(0);
    expect(after[0]).toBeGreaterThan(0);
    expect((await readFile(join(project, "after"))).equals(await adapterOf("whole"))).toBe(true);
  },
  120_000,
);
