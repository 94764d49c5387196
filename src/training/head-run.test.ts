import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClassifier } from "../inference/index.ts";
import { resolveModel } from "../models/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";
import { trainAdapter } from "./train-adapter.ts";

test("a head is trained beside LoRA, kept, and says its labels", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-head-run-"));
  await writeTinyLlama(join(folder, "model"));
  const model = await resolveModel(join(folder, "model"));
  const record = await trainAdapter({
    model,
    train: colourExamples(64, 1),
    validation: colourExamples(16, 2),
    settings: { ...tinySettings, method: "head", freeze_base: false, num_epochs: 8 },
    folder: join(folder, "head"),
    checkpoints: join(folder, "checkpoints"),
    threads: 1,
  });
  expect(record.retention).toBeNull();
  const classifier = await createClassifier({
    model,
    folder: record.adapter,
    arithmetic: "f32",
    threads: 1,
  });
  const questions = colourExamples(24, 3);
  const said = [];
  for (const { prompt } of questions) said.push(await classifier.classify(prompt));
  await classifier.close();
  const right = said.filter(({ text }, i) => text === questions[i]!.completion);
  expect(right.length).toBeGreaterThan(18);
  expect(said[0]!.scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
});
