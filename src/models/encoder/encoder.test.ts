import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import recordings from "../../../test/golden/encoders.json" with { type: "json" };
import { openSession } from "../../engine/index.ts";
import { encoderArchitectures, parseEncoderConfig } from "../architectures.ts";
import { goldenWeights, type GoldenTensors } from "../golden-weights.case.ts";
import { buildClassifier, buildEncoder } from "./encoder-graph.ts";
import type { Pooling } from "./sentence-settings.ts";
import { compileClassifier, compileEncoder } from "./weights.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-encoders-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("every architecture has a recording", () => {
  const recorded = Object.values(recordings).map(({ config }) => config.model_type);
  expect(new Set(recorded)).toEqual(new Set(encoderArchitectures.map(({ modelType }) => modelType)));
});

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

/** Recorded by test/golden/encoders.py. */
describe.each(Object.entries(recordings))("%s", (name, golden) => {
  const config = parseEncoderConfig(golden.config);
  const int32 = (values: number[]) =>
    ({ dtype: "int32", shape: [1, values.length], data: Int32Array.from(values) }) as const;
  const inputs = { ids: int32(golden.ids), positions: int32([...golden.ids.keys()]) };
  const home = (part: string) => join(folder, `${name.replaceAll(/\W+/g, "-")}-${part}`);

  test.each([
    ["f32", 0.9999],
    ["int8", 0.98],
  ] as const)("in %s the vector is that of sentence-transformers", async (arithmetic, least) => {
    const source = goldenWeights(golden.tensors as unknown as GoldenTensors);
    const weights = await compileEncoder(home(arithmetic), config, source, arithmetic);
    const onnx = buildEncoder(config, weights, arithmetic, golden.settings.pooling as Pooling);
    await writeFile(join(home(arithmetic), "graph.onnx"), onnx);
    const session = await openSession(join(home(arithmetic), "graph.onnx"), { threads: 1 });
    const { vector } = await session.run(inputs);
    await session.close();
    expect(cosine(vector!.data as Float32Array, golden.vector)).toBeGreaterThan(least);
    expect(Math.hypot(...(vector!.data as Float32Array))).toBeCloseTo(1, 5);
  });

  test("a classifier's scores are those of transformers", async () => {
    const source = goldenWeights(golden.classifierTensors as unknown as GoldenTensors);
    const encoder = await compileEncoder(home("classifier"), config, source, "f32");
    const weights = await compileClassifier(home("classifier"), config, source, encoder);
    await writeFile(join(home("classifier"), "graph.onnx"), buildClassifier(config, weights, "f32"));
    const session = await openSession(join(home("classifier"), "graph.onnx"), { threads: 1 });
    const segments = golden.ids.map((_, place) => (place >= golden.secondFrom ? 1 : 0));
    const { scores } = await session.run({
      ...inputs,
      ...(config.segments > 1 && { segments: int32(segments) }),
    });
    await session.close();
    for (const [i, expected] of golden.scores.entries())
      expect(Number(scores!.data[i])).toBeCloseTo(expected, 3);
  });
});
