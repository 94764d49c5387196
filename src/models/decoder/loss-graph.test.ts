import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  adamWDefaults,
  clipGlobalNormInPlace,
  initializeAdamW,
  openSession,
  updateAdamWInPlace,
  type TypedTensor,
} from "../../engine/index.ts";
import { openModel } from "../hub/open-model.ts";
import { resolveModel } from "../hub/resolve-model.ts";
import { lora } from "../tuning/lora.ts";
import { parameterTensors, type ParameterLayout } from "../tuning/parameters.ts";
import { parseDecoderConfig } from "../architectures.ts";
import type { DecoderConfig } from "./config.ts";
import { buildLogitsGraph, buildTrainingGraph } from "./loss-graph.ts";
import type { Arithmetic } from "../quantization.ts";
import { compileDecoder } from "./weights.ts";

interface Sequence {
  ids: number[];
  completionStart: number;
}

/** Recorded by test/golden/llama.py. */
interface Golden {
  sequences: Sequence[];
  logits: { sequence: number; negativeLogLikelihoods: number[]; every997th: number[] };
  gradient: {
    sequences: number[];
    loss: number;
    tensors: Record<string, { length: number; signed: number[] }>;
  };
  training: { lr: number; weight_decay: number; clip: number; losses: number[] };
}

const threads = 2;
const tuning = lora({ rank: 8, alpha: 16, dropout: 0, targets: "all-linear" });
const shape = { batch: 1, length: 64, scored: 48 };

let golden: Golden;
let folder: string;
let config: DecoderConfig;
let compile: (arithmetic: Arithmetic) => ReturnType<typeof compileDecoder>;

beforeAll(async () => {
  golden = JSON.parse(await readFile(new URL("../../../test/golden/llama.json", import.meta.url), "utf8"));
  folder = await mkdtemp(join(tmpdir(), "lorag-llama-"));
  const model = await openModel(await resolveModel("SmolLM2-135M-Instruct"));
  config = parseDecoderConfig(model.config);
  compile = (arithmetic) => compileDecoder(folder, config, model.weights, arithmetic);
});
afterAll(() => rm(folder, { recursive: true }));

// Seconds on an idle machine; the limit is for a busy one.
describe("against transformers and PEFT on torch CPU", { timeout: 900_000 }, () => {
  test("float32 logits within 1e-3", async () => {
    const { ids } = golden.sequences[golden.logits.sequence]!;
    const weights = await compile("f32");
    const whole = { batch: 1, length: ids.length };
    const { onnx } = buildLogitsGraph({ config, weights, arithmetic: "f32", shape: { ...whole, scored: 0 } });
    const session = await open("logits", onnx);
    const feeds = pack([{ ids: [...ids, 0], completionStart: 1 }], whole.length, ids.length);
    const { logits } = await session.run({
      ids: feeds["ids"]!,
      positions: feeds["positions"]!,
      ends: feeds["ends"]!,
    });
    await session.close();
    const values = logits!.data as Float32Array;
    const last = values.subarray((ids.length - 1) * config.vocabularySize);
    for (const [i, expected] of golden.logits.every997th.entries()) {
      expect(Math.abs(last[997 * i]! - expected)).toBeLessThan(1e-3);
    }
    for (const [i, expected] of golden.logits.negativeLogLikelihoods.entries()) {
      const row = values.subarray(i * config.vocabularySize, (i + 1) * config.vocabularySize);
      const total = row.reduce((sum, logit) => sum + Math.exp(logit - row[ids[i + 1]!]!), 0);
      expect(Math.abs(Math.log(total) - expected)).toBeLessThan(1e-3);
    }
  });

  test("float32: loss within 1e-4, each adapter tensor's gradient within 1e-3 of its length, 50 AdamW steps within 1%", async () => {
    const { session, layout } = await openTraining("f32");
    const adapter = formulaAdapter(layout);
    const batch = golden.gradient.sequences.map((i) => golden.sequences[i]!);
    const run = (sequences: Sequence[]) =>
      session.run({ ...pack(sequences, shape.length, shape.scored), parameters: vector(adapter) });

    const first = await run(batch);
    expect(Math.abs(Number(first.loss!.data[0]) - golden.gradient.loss)).toBeLessThan(1e-4);
    const gradient = first.gradient!.data as Float32Array<ArrayBuffer>;
    expect(layout.tensors.length).toBe(Object.keys(golden.gradient.tensors).length);
    for (const [name, { values }] of parameterTensors(layout, gradient)) {
      const { length, signed } = golden.gradient.tensors[name]!;
      for (const [k, expected] of signed.entries()) {
        const found = values.reduce((sum, value, i) => sum + value * sign(i, k), 0);
        // A sum under random signs of n errors is about as large as their Euclidean length.
        expect(Math.abs(found - expected), `${name} ${k}`).toBeLessThan(1e-3 * length);
      }
    }
    expect((await run(batch)).gradient!.data).toEqual(gradient); // bit-identical

    const { lr, weight_decay, clip, losses } = golden.training;
    const parameters = adapter;
    let state = initializeAdamW(parameters.length);
    for (const [step, expected] of losses.entries()) {
      const start = 2 * (step % 4);
      const result = await run(golden.sequences.slice(start, start + 2));
      expect(Math.abs(Number(result.loss!.data[0]) / expected - 1), `step ${step}`).toBeLessThan(0.01);
      const gradient = result.gradient!.data as Float32Array;
      clipGlobalNormInPlace(gradient, clip);
      state = updateAdamWInPlace(parameters, gradient, state, lr, {
        ...adamWDefaults,
        weightDecay: weight_decay,
      });
    }
    await session.close();
  });

  test("int8 follows float32: loss within 5%, gradient within 25 degrees", async () => {
    const batch = golden.gradient.sequences.map((i) => golden.sequences[i]!);
    const gradients: Float32Array[] = [];
    for (const arithmetic of ["f32", "int8"] as const) {
      const { session, layout } = await openTraining(arithmetic);
      const feeds = {
        ...pack(batch, shape.length, shape.scored),
        parameters: vector(formulaAdapter(layout)),
      };
      const { loss, gradient } = await session.run(feeds);
      expect(Math.abs(Number(loss!.data[0]) / golden.gradient.loss - 1)).toBeLessThan(0.05);
      gradients.push(gradient!.data as Float32Array);
      await session.close();
    }
    const [a, b] = gradients as [Float32Array, Float32Array];
    const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))).toBeGreaterThan(Math.cos((25 / 180) * Math.PI));
  });
});

async function openTraining(arithmetic: Arithmetic) {
  const weights = await compile(arithmetic);
  const { onnx, layout } = buildTrainingGraph({ config, weights, arithmetic, shape, tuning });
  return { session: await open(`train-${arithmetic}`, onnx), layout };
}

async function open(name: string, onnx: Uint8Array) {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, onnx);
  return openSession(path, { threads });
}

/** Sequences end to end in one row; the mean loss over their completions. */
function pack(sequences: Sequence[], length: number, scoredLength: number): Record<string, TypedTensor> {
  const ids = new BigInt64Array(length);
  const positions = new BigInt64Array(length);
  const ends = BigInt64Array.from({ length }, (_, place) => BigInt(place + 1));
  const scored = new BigInt64Array(scoredLength);
  const targets = new BigInt64Array(scoredLength);
  const weights = new Float32Array(scoredLength);
  let place = 0;
  let count = 0;
  for (const sequence of sequences) {
    const end = BigInt(place + sequence.ids.length - 1);
    for (let i = 0; i + 1 < sequence.ids.length; i++, place++) {
      ids[place] = BigInt(sequence.ids[i]!);
      positions[place] = BigInt(i);
      ends[place] = end;
      if (i + 1 < sequence.completionStart) continue;
      scored[count] = BigInt(place);
      targets[count] = BigInt(sequence.ids[i + 1]!);
      count++;
    }
  }
  weights.fill(1 / count, 0, count);
  const rows = (data: BigInt64Array): TypedTensor => ({ dtype: "int64", shape: [1, length], data });
  const list = (data: BigInt64Array): TypedTensor => ({ dtype: "int64", shape: [scoredLength], data });
  return {
    ids: rows(ids),
    positions: rows(positions),
    ends: rows(ends),
    scored: list(scored),
    targets: list(targets),
    weights: vector(weights),
  };
}

/** The adapter that test/golden/llama.py starts from. Its tensors come layer by layer, module by module, A before B. */
function formulaAdapter(layout: ParameterLayout): Float32Array<ArrayBuffer> {
  const values = new Float32Array(layout.size);
  const tensors = parameterTensors(layout, values);
  for (const [number, name] of Object.keys(golden.gradient.tensors).entries()) {
    const tensor = tensors.get(name)!.values;
    const size = name.endsWith("lora_A.weight") ? 0.04 : 0.01;
    for (let i = 0; i < tensor.length; i++) tensor[i] = size * Math.sin(0.37 * i + number);
  }
  return values;
}

/** The pseudo-random signs of test/golden/llama.py. */
function sign(i: number, k: number): number {
  let mixed = (Math.imul(i, 2654435761) + k * 40503) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0;
  return 1 - 2 * ((mixed >>> 17) & 1);
}

function vector(data: Float32Array): TypedTensor {
  return { dtype: "float32", shape: [data.length], data };
}
