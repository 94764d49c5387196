import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  compileDecoder,
  openModel,
  parseDecoderConfig,
  resolveModel,
  type BatchShape,
} from "../models/index.ts";
import { openDecoderTrainable } from "./decoder-trainable.ts";
import { measureRetention } from "./retention.ts";
import { tinySettings, writeTinyLlama } from "./tiny-llama.case.ts";

test("an adapter that changes nothing forgets nothing; whatever one does, the base is measured the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-retention-"));
  await writeTinyLlama(join(folder, "model"));
  const opened = await openModel(await resolveModel(join(folder, "model")));
  const config = parseDecoderConfig(opened.config);
  const weights = await compileDecoder(folder, config, opened.weights, "f32");
  const open = (shape: BatchShape) => openDecoderTrainable(folder, config, weights, shape, tinySettings, 1);
  const { initialParameters } = await open({ batch: 1, length: 32, scored: 32 });
  const measure = (adapter: Float32Array) =>
    measureRetention(open, adapter, config.maxPositions, (text) => opened.tokenizer.encode(text));

  const fresh = await measure(initialParameters);
  const tuned = await measure(initialParameters.map((value) => value + 0.05));
  expect(fresh.after).toBe(fresh.before);
  expect(tuned.before).toBe(fresh.before);
  expect(tuned.after).not.toBeCloseTo(tuned.before, 3);
});
