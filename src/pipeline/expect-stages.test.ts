import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Example } from "../contracts/index.ts";
import { openProject } from "./context.ts";
import { expectStages } from "./expect-stages.ts";
import { rememberFinished } from "./finished-stages.ts";

const makeFolder = (): string => mkdtempSync(join(tmpdir(), "lorag-expect-"));

async function expectFor(config: string, questionLength: number, answerLength: number, folder: string) {
  writeFileSync(join(folder, "lorag.yaml"), config);
  const { project } = await openProject(folder);
  const example = {
    prompt: [{ role: "user", content: "q".repeat(questionLength) }],
    completion: "a".repeat(answerLength),
  } as Example;
  const examples = Array.from({ length: 160 }, () => example);
  const prepared = { train: examples, validation: [], test: examples, testHash: "", leftOut: [] };
  return { project, stages: await expectStages(project, prepared) };
}

async function expectSeconds(config: string, questionLength: number, answerLength: number) {
  const { stages } = await expectFor(config, questionLength, answerLength, makeFolder());
  return Object.fromEntries(stages.map(({ id, seconds }) => [id, seconds]));
}

test("short questions and answers, as in the demo: a tenth of a second each, a fifth with passages", async () => {
  const seconds = await expectSeconds("max_new_tokens: 40\nretrieval: { top_k: 2 }\n", 50, 60);
  expect(seconds["answer/base"]! / 160).toBeCloseTo(0.1, 1);
  expect(seconds["answer/rag"]! / 160).toBeCloseTo(0.2, 1);
  expect(seconds["answer/tuned"]!).toBeLessThan(seconds["answer/base"]!);
});

test("longer texts take longer, up to what the config lets through", async () => {
  const config = "arms: [base, tuned]\nsequence_len: 512\nmax_new_tokens: 64\n";
  const short = await expectSeconds(config, 40, 40);
  const long = await expectSeconds(config, 800, 160);
  const cut = await expectSeconds(config, 8000, 160);
  expect(long["train/tuned"]! / short["train/tuned"]!).toBeGreaterThan(3);
  expect(long["answer/tuned"]! / short["answer/tuned"]!).toBeGreaterThan(3);
  // 160 examples of 512 tokens, three times.
  expect(cut["train/tuned"]).toBeCloseTo(160 * 3 * 0.512 * 1.6);
  const wordy = await expectSeconds(config, 40, 4000);
  expect(wordy["answer/tuned"]).toBeGreaterThanOrEqual(wordy["answer/base"]!);
  expect(wordy["answer/tuned"]).toBeLessThan(2 * wordy["answer/base"]!);
});

test("max_steps ends training, after about 16 short examples each", async () => {
  const all = await expectSeconds("arms: [tuned]\nnum_epochs: 1\n", 40, 40);
  const half = await expectSeconds("arms: [tuned]\nnum_epochs: 1\nmax_steps: 5\n", 40, 40);
  expect(half["train/tuned"]! / all["train/tuned"]!).toBeCloseTo(0.5);
});

test("stages come in the order of the run; passages are found for tuned-rag alone", async () => {
  const stepsOf = async (arms: string) =>
    Object.keys(await expectSeconds(`arms: [${arms}]\n`, 40, 40)).slice(2);
  expect(await stepsOf("rag, tuned")).toEqual(["train/tuned", "answer/rag", "answer/tuned"]);
  expect((await stepsOf("tuned, tuned-rag")).slice(0, 3)).toEqual([
    "train/tuned",
    "find/tuned-rag",
    "train/tuned-rag",
  ]);
});

test("what an earlier run finished is not expected again, until something that it depends on changes", async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "documents"));
  writeFileSync(join(folder, "documents", "a.md"), "# A\n");
  const toDo = async (config: string) => {
    const { stages } = await expectFor(config, 40, 40, folder);
    return stages.filter(({ isDone }) => !isDone).map(({ id }) => id);
  };
  const { project, stages } = await expectFor("", 40, 40, folder);
  const steps = stages.map(({ id }) => id);
  expect(await toDo("")).toEqual(steps);
  await rememberFinished(project, stages, steps.slice(0, 2));
  expect(await toDo("")).toEqual(steps.slice(2));
  await rememberFinished(project, stages, steps.slice(2));
  expect(await toDo("prices: { cpu_hour: 3 }\n")).toEqual([]);
  expect(await toDo("lora_r: 4\n")).toEqual(steps.filter((step) => /(train|answer)\/tuned/.test(step)));
  expect(await toDo("retrieval: { top_k: 1 }\n")).toEqual(["answer/rag", "answer/tuned-rag"]);
  writeFileSync(join(folder, "documents", "b.md"), "# B\n");
  expect(await toDo("")).toEqual(steps.filter((step) => !/(tuned|base)$/.test(step)));
});
