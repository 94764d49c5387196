import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileLlama, openModel, parseLlamaConfig, resolveModel, type BatchShape } from "../models/index.ts";
import { openLlamaTrainable } from "./llama-trainable.ts";
import { measureRetention } from "./retention.ts";
import { tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";

test("the base loses the same on general text in whatever batches an arm trains", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-retention-"));
  await writeTinyLlama(join(folder, "model"));
  const opened = await openModel(await resolveModel(join(folder, "model")));
  const config = parseLlamaConfig(opened.config);
  const weights = await compileLlama(folder, config, opened.weights, "f32");
  const measure = async (shape: BatchShape) => {
    const model = await openLlamaTrainable(folder, config, weights, shape, tinySettings, 1);
    const tuned = model.initialAdapter.map((value) => value + 0.05);
    const losses = await measureRetention(model, tuned, shape, (text) => opened.tokenizer.encode(text));
    await model.close();
    return losses;
  };
  const whole = await measure({ batch: 2, length: 120, scored: 240 });
  const inPieces = await measure({ batch: 1, length: 120, scored: 17 });
  expect(inPieces.before).toBeCloseTo(whole.before, 5);
  expect(inPieces.after).toBeCloseTo(whole.after, 5);
  expect(whole.after).not.toBeCloseTo(whole.before, 3);
});
