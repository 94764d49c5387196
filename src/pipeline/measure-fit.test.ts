import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { estimateMemory } from "../training/index.ts";
import { writeTinyLlama } from "../training/tiny-llama.case.ts";
import { openProject } from "./context.ts";
import { measureFit } from "./measure-fit.ts";

test("memory grows with weights, batches and vocabulary, by the sizes of the architecture", () => {
  const sizes = {
    vocabularySize: 49_152,
    hiddenSize: 576,
    intermediateSize: 1536,
    layers: 30,
    heads: 9,
    keyValueHeads: 3,
    headSize: 64,
    tiedEmbedding: true,
  };
  const batch = { tokens: 1024, scored: 256, arithmetic: "int8" as const };
  const small = estimateMemory(sizes, batch);
  // SmolLM2-135M, norms left out.
  expect(small.parameters / 1e6).toBeCloseTo(134.5, 0);
  expect(estimateMemory(sizes, { ...batch, arithmetic: "f32" }).training).toBeGreaterThan(small.training);
  expect(estimateMemory(sizes, { ...batch, tokens: 2048 }).training).toBeGreaterThan(1.5 * small.training);
  expect(estimateMemory({ ...sizes, layers: 60 }, batch).answering).toBeGreaterThan(small.answering);
});

test("a project's models and adapters are measured", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-fit-"));
  await writeTinyLlama(join(folder, "tiny"));
  await writeFile(
    join(folder, "lorag.yaml"),
    "base_model: ./tiny\narms: [base, tuned]\nsequence_len: 128\nnum_epochs: 4\nmax_new_tokens: 8\nsystem_prompt: x\n",
  );
  const lines = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({ prompt: `Gate ${i}?`, completion: `${i}` }),
  );
  await writeFile(join(folder, "examples.jsonl"), lines.join("\n"));
  const { models, trainings } = await measureFit(await openProject(folder));
  expect(models).toHaveLength(1);
  expect(models[0]!.tokensPerSecond).toBeGreaterThan(0);
  expect(models[0]!.memory.training).toBeGreaterThan(0);
  expect(trainings).toMatchObject([{ name: "tuned", steps: expect.any(Number) }]);
  expect(trainings[0]!.seconds).toBeGreaterThan(0);
});
