import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createClassifier } from "../inference/index.ts";
import { resolveModel } from "../models/index.ts";
import { colourExamples, tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";
import type { TrainingSettings } from "./settings.ts";
import { trainAdapter } from "./train-adapter.ts";

test("a head is trained beside LoRA, kept, and says its labels", { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-head-run-"));
  await writeTinyLlama(join(folder, "model"));
  const model = await resolveModel(join(folder, "model"));
  const train = (name: string, settings: Partial<TrainingSettings>) =>
    trainAdapter({
      model,
      train: colourExamples(64, 1),
      validation: colourExamples(16, 2),
      settings: { ...tinySettings, method: "head", ...settings },
      folder: join(folder, name),
      checkpoints: join(folder, `${name}-checkpoints`),
      threads: 1,
    });
  const record = await train("head", { freeze_base: false, num_epochs: 8 });
  expect(record.retention).toBeNull();
  // It sets out from the head that is best on the model as it is.
  const frozen = await train("frozen", { learning_rate: 1e-2, num_epochs: 16 });
  const best = frozen.losses.find(({ step }) => step === frozen.bestStep)!;
  expect(record.losses[0]!.validation).toBeCloseTo(best.validation!, 4);
  expect(record.losses[0]!.accuracy).toBe(best.accuracy);
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

test(
  "two labels that nothing tells apart: the head overfits, and training ends as usual",
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "lorag-head-noise-"));
    await writeTinyLlama(join(folder, "model"));
    const noise = (count: number, first: number) =>
      Array.from({ length: count }, (_, i) => ({
        id: `n${first + i}`,
        prompt: [{ role: "user" as const, content: `mail ${(first + i) * 7}` }],
        completion: (first + i) % 3 === 0 ? "late" : "refund",
      }));
    const record = await trainAdapter({
      model: await resolveModel(join(folder, "model")),
      train: noise(25, 1),
      validation: noise(3, 27),
      settings: { ...tinySettings, method: "head", learning_rate: 0.5, num_epochs: 8 },
      folder: join(folder, "head"),
      checkpoints: join(folder, "checkpoints"),
      threads: 1,
      onFault: (fault) => expect.unreachable(fault),
    });
    const losses = record.losses.flatMap(({ validation }) => validation ?? []);
    expect(Math.max(...losses)).toBeGreaterThan(2 * Math.max(losses[0]!, Math.LN2));
  },
);
