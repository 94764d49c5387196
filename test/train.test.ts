import {
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomStream } from "../src/random/index.ts";
import { writeTinyLlama } from "../src/training/tiny-llama.case.ts";
import { makeProject, startLorag, type Ended } from "./lorag.case.ts";

/**
 * `lorag train` with a llama that takes seconds, in the product's own arithmetic and threads: killed, interrupted and
 * killed again, it ends with the adapter of a run that was left alone.
 */
const config = `
base_model: ./model
system_prompt: Be brief.
abstain_answer: None.
sequence_len: 128
micro_batch_size: 2
num_epochs: 8
evals_per_epoch: 5
`;
const random = randomStream(3);
const word = () =>
  Array.from({ length: 5 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
const examples = Array.from({ length: 40 }, (_, index) => {
  const messages = [
    { role: "user", content: `${word()} ${word()}?` },
    { role: "assistant", content: ["red", "blue", "green"][index % 3] },
  ];
  return `${JSON.stringify({ messages })}\n`;
}).join("");

const home = makeProject({});
const parents = [home, makeProject({}), makeProject({})];
const [whole, broken] = parents.slice(1).map((parent) => join(parent, "project")) as [string, string];
const start = (folder: string) =>
  startLorag(["train", "tuned", "--json", "--project", folder], { env: { LORAG_HOME: home } });

beforeAll(async () => {
  for (const folder of [whole, broken]) {
    makeProject({ "lorag.yaml": config, "examples.jsonl": examples }, folder);
    await writeTinyLlama(join(folder, "model"));
  }
});
afterAll(() => parents.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const checkpoints = (folder: string): string[] => {
  try {
    const names = readdirSync(join(folder, ".lorag/checkpoints"), { recursive: true, encoding: "utf8" });
    return names.filter((name) => /step-\d+$/.test(name)).sort();
  } catch {
    return []; // not there yet, or changed while it was read
  }
};

/** Starts the command, and sends the signal when there is a checkpoint that was not there before. */
async function breakOff(signal: "SIGKILL" | "SIGINT"): Promise<Ended> {
  const before = checkpoints(broken).at(-1) ?? "";
  const { child, ended } = start(broken);
  const over = ended.then(() => true);
  const isOver = () => Promise.race([over, sleep(2, false)]);
  while ((checkpoints(broken).at(-1) ?? "") <= before) {
    if (await isOver()) throw new Error(`ended before it had a checkpoint: ${(await ended).stderr}`);
  }
  child.kill(signal);
  return ended;
}

const adapterOf = (folder: string) =>
  readFileSync(join(folder, ".lorag/adapters/tuned/adapter_model.safetensors"));

test("killed, interrupted and killed again, training ends with the very same adapter", async () => {
  const left = await start(whole).ended;
  expect(left.code, left.stdout).toBe(0);

  expect((await breakOff("SIGKILL")).code).toBe(null);
  const interrupted = await breakOff("SIGINT");
  expect(interrupted.code).toBe(130);
  expect(JSON.parse(interrupted.stdout)).toMatchObject({ error: { code: "LORAG_INTERRUPTED" } });
  expect((await breakOff("SIGKILL")).code).toBe(null);
  const last = await start(broken).ended;
  expect(last.code, last.stdout).toBe(0);

  expect(adapterOf(broken).equals(adapterOf(whole))).toBe(true);
  const stepsOf = (ended: Ended) =>
    (JSON.parse(ended.stdout) as { adapters: { record: { steps: number } }[] }).adapters[0]!.record.steps;
  expect(stepsOf(last)).toBe(stepsOf(left));
  expect(checkpoints(broken)).toEqual([]);
});

test("what is unchanged is not trained again; a damaged adapter is, and one of a model whose weights changed", async () => {
  const train = async (): Promise<boolean> => {
    const ended = await start(whole).ended;
    expect(ended.code, ended.stdout).toBe(0);
    return (JSON.parse(ended.stdout) as { adapters: { reused: boolean }[] }).adapters[0]!.reused;
  };
  const before = adapterOf(whole);
  expect(await train()).toBe(true);

  truncateSync(join(whole, ".lorag/adapters/tuned/adapter_model.safetensors"), 1000);
  expect(await train()).toBe(false);
  expect(adapterOf(whole).equals(before)).toBe(true);

  const model = join(whole, "model/model.safetensors");
  const weights = readFileSync(model);
  const { atime, mtime } = statSync(model);
  for (let sign = weights.length - 1; sign > weights.length - 4096; sign -= 4) weights[sign]! ^= 0x80;
  writeFileSync(model, weights);
  utimesSync(model, atime, mtime); // as an archive sets it
  expect(await train()).toBe(false);
  expect(adapterOf(whole).equals(before)).toBe(false);
});
