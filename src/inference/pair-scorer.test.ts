import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import golden from "../../test/golden/cross-encoders.json" with { type: "json" };
import { writeSafetensors } from "../formats/index.ts";
import { resolveModel } from "../models/index.ts";
import { goldenWeights, type GoldenTensors } from "../models/golden-weights.case.ts";
import { createPairScorer } from "./pair-scorer.ts";

/** Recorded by test/golden/cross_encoders.py. */
const models: Record<string, { config: object; tokenizer: object; tensors: object; scores: number[] }> =
  golden.models;

async function inFolder<Result>(name: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  const { config, tokenizer, tensors } = models[name]!;
  const folder = mkdtempSync(join(tmpdir(), "lorag-cross-encoder-"));
  const weights = goldenWeights(tensors as GoldenTensors);
  try {
    const read = weights.names().map((each) => {
      return [each, { shape: weights.shape(each)!, data: weights.read(each) }] as const;
    });
    writeFileSync(join(folder, "model.safetensors"), writeSafetensors(new Map(read)));
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(Object.keys(models))("%s: scores are those of transformers, cut at its limit", (name) =>
  inFolder(name, async (folder) => {
    const scorer = await createPairScorer({
      model: await resolveModel(folder),
      arithmetic: "f32",
      threads: 1,
    });
    for (const [index, [question, text]] of golden.pairs.entries()) {
      const [score] = await scorer.score(question!, [text!]);
      expect(score, text).toBeCloseTo(models[name]!.scores[index]!, 4);
    }
    expect(await scorer.score("where is the key ?", [])).toEqual([]);
    // Of a question no more is read than half of what the model reads, so that the text has room.
    const ask = (times: number, text: string) => scorer.score("the fare for a dog ".repeat(times), [text]);
    expect(await ask(40, "seven florins")).toEqual(await ask(90, "seven florins"));
    expect(await ask(40, "seven florins")).not.toEqual(await ask(40, "locked at night"));
    await scorer.close();
  }),
);

test("several labels, none of which says that a text answers, are refused", () =>
  inFolder("bert, one score", async (folder) => {
    const { config } = models["bert, one score"]!;
    const id2label = { 0: "sports", 1: "weather", 2: "trade" };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, id2label }));
    await expect(createPairScorer({ model: await resolveModel(folder), threads: 1 })).rejects.toThrow(
      "3 labels",
    );
  }));
