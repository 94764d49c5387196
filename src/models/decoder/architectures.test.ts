import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSession, type TypedTensor } from "../../engine/index.ts";
import { decoderArchitectures, parseDecoderConfig } from "../architectures.ts";
import { lora } from "../tuning/lora.ts";
import { parameterTensors } from "../tuning/parameters.ts";
import { goldenWeights, mixed } from "../golden-weights.case.ts";
import { goldenAdapter, goldenDecoders, recordedStep } from "./golden-decoders.case.ts";
import { buildLogitsGraph, buildTrainingGraph } from "./loss-graph.ts";
import { compileDecoder } from "./weights.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-architectures-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("every architecture has a recording", () => {
  const recorded = Object.values(goldenDecoders).map(({ config }) => config["model_type"]);
  expect(new Set(recorded)).toEqual(new Set(decoderArchitectures.map(({ modelType }) => modelType)));
});

describe.each(Object.entries(goldenDecoders))("%s, against transformers and PEFT", (name, golden) => {
  const config = parseDecoderConfig(golden.config);
  const length = golden.ids.length;
  const home = () => join(folder, name.replaceAll(/\W+/g, "-"));
  const int64 = (values: number[], shape = [1, values.length]): TypedTensor => ({
    dtype: "int64",
    shape,
    data: BigInt64Array.from(values, BigInt),
  });
  const inputs = {
    ids: int64(golden.ids),
    positions: int64([...golden.ids.keys()]),
    ends: int64(golden.ids.map(() => length)),
  };
  const open = async (graph: string, onnx: Uint8Array) => {
    await writeFile(join(home(), `${graph}.onnx`), onnx);
    return openSession(join(home(), `${graph}.onnx`), { threads: 1 });
  };

  test("logits within 1e-3", async () => {
    const weights = await compileDecoder(home(), config, goldenWeights(golden.tensors), "f32");
    const shape = { batch: 1, length, scored: 1 };
    const session = await open(
      "logits",
      buildLogitsGraph({ config, weights, arithmetic: "f32", shape }).onnx,
    );
    const { logits } = await session.run(inputs);
    await session.close();
    const values = logits!.data as Float32Array;
    const size = config.vocabularySize;
    for (const [i, expected] of golden.logits.entries()) {
      const found = values[Math.floor(i / size) * recordedStep * size + (i % size)]!;
      expect(Math.abs(found - expected), `${i}`).toBeLessThan(1e-3);
    }
  });

  // In int8 one of each kind of block.
  const isKind = ["llama, linear rotary scaling and biases", "qwen3", "gemma3_text", "phi3"].includes(name);
  test.each(isKind ? (["f32", "int8"] as const) : (["f32"] as const))(
    "a training step in %s",
    async (arithmetic) => {
      const weights = await compileDecoder(home(), config, goldenWeights(golden.tensors), arithmetic);
      const tuning = lora({ rank: 3, alpha: 6, dropout: 0, targets: "all-linear" });
      const scored = length - golden.completionStart;
      const shape = { batch: 1, length, scored };
      const { onnx, layout } = buildTrainingGraph({ config, weights, arithmetic, shape, tuning });
      const values = new Float32Array(layout.size);
      const stored = goldenAdapter(golden);
      for (const [tensor, { values: part }] of parameterTensors(layout, values))
        part.set(stored.get(tensor)!.subarray(0, part.length));
      const places = Array.from({ length: scored }, (_, i) => golden.completionStart - 1 + i);
      const session = await open(`train-${arithmetic}`, onnx);
      const { loss, gradient } = await session.run({
        ...inputs,
        scored: int64(places, [scored]),
        targets: int64(
          places.map((place) => golden.ids[place + 1]!),
          [scored],
        ),
        weights: { dtype: "float32", shape: [scored], data: new Float32Array(scored).fill(1 / scored) },
        parameters: { dtype: "float32", shape: [values.length], data: values },
      });
      await session.close();
      if (arithmetic === "int8") {
        expect(Math.abs(Number(loss!.data[0]) / golden.loss - 1)).toBeLessThan(0.05);
        return;
      }
      expect(Math.abs(Number(loss!.data[0]) - golden.loss)).toBeLessThan(1e-4);
      const found = parameterTensors(layout, gradient!.data as Float32Array<ArrayBuffer>);
      expect([...found.keys()].sort()).toEqual(Object.keys(golden.gradient).sort());
      for (const [tensor, { values: part }] of found) {
        const { length, signed } = golden.gradient[tensor]!;
        for (const [k, expected] of signed.entries()) {
          const sum = part.reduce((total, value, i) => total + (mixed(i, k) >= 32_768 ? value : -value), 0);
          // A sum under random signs of n errors is about as large as their Euclidean length.
          expect(Math.abs(sum - expected), `${tensor} ${k}`).toBeLessThan(1e-3 * Math.max(length, 1e-3));
        }
      }
    },
  );
});
