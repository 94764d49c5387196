import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Graph } from "../graph.ts";
import { encodeOnnx } from "../onnx/model.ts";
import { openSession, type Session } from "../session/session.ts";
import { cachedAttention, roundToSteps } from "./inference.ts";

const [heads, keyValueHeads, size] = [4, 2, 16];
const width = (heads + 2 * keyValueHeads) * size;
const noise = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => 2 * ((Math.sin(12.9898 * i + seed) * 43758.5453) % 1));

/** Values lie between -2 and 2, so none is cut off. Each channel has a step of its own. */
const steps = Float32Array.from({ length: keyValueHeads * size }, (_, i) => (2 + (i % 5) / 10) / 127);

let folder: string;
const sessions: Partial<Record<"float32" | "int8", Session>> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lorag-cached-attention-"));
  for (const dtype of ["float32", "int8"] as const) {
    const graph = new Graph();
    const cache = (name: string) => graph.input(name, dtype, ["batch", keyValueHeads, "capacity", size]);
    const step = graph.constant("float32", steps, [1, keyValueHeads, 1, size]);
    // Positions turn nothing.
    const table = (value: number) =>
      graph.constant("float32", new Float32Array((32 * size) / 2).fill(value), [32, size / 2]);
    const [mixed, keys, values] = cachedAttention(
      {
        projected: graph.input("projected", "float32", ["batch", 1, width]),
        keys: cache("keys"),
        values: cache("values"),
        scales: dtype === "int8" ? { keys: step, values: step } : undefined,
        last: graph.input("last", "int32", ["batch"]),
        total: graph.input("total", "int32", []),
        tables: { cosines: table(1), sines: table(0) },
      },
      { heads, keyValueHeads },
    );
    graph.output("mixed", mixed);
    graph.output("keys after", keys);
    graph.output("values after", values);
    const path = join(folder, `${dtype}.onnx`);
    await writeFile(path, encodeOnnx(graph));
    sessions[dtype] = await openSession(path, { threads: 1 });
  }
});
afterAll(async () => {
  for (const session of Object.values(sessions)) await session.close();
  await rm(folder, { recursive: true });
});

interface Row {
  projected: Float32Array;
  /** [keyValueHeads, past, size]. */
  keys: Float32Array;
  values: Float32Array;
  past: number;
}

const rows = [5, 1, 9].map((past, i): Row => ({
  past,
  projected: noise(width, i),
  keys: noise(keyValueHeads * past * size, 10 + i),
  values: noise(keyValueHeads * past * size, 20 + i),
}));

async function attend(dtype: "float32" | "int8", asked: Row[], capacity: number) {
  const cache = (pick: (row: Row) => Float32Array) => {
    const shape = [asked.length, keyValueHeads, capacity, size];
    const data = new Float32Array(shape.reduce((a, b) => a * b));
    asked.forEach((row, at) => {
      for (let head = 0; head < keyValueHeads; head++) {
        const length = row.past * size;
        data.set(
          pick(row).subarray(head * length, (head + 1) * length),
          (at * keyValueHeads + head) * capacity * size,
        );
      }
    });
    if (dtype === "float32") return { dtype, shape, data };
    const stepOf = (i: number) =>
      steps[(Math.floor(i / (capacity * size)) % keyValueHeads) * size + (i % size)]!;
    return { dtype, shape, data: Int8Array.from(data, (value, i) => Math.round(value / stepOf(i))) };
  };
  const projected = new Float32Array(asked.length * width);
  asked.forEach((row, at) => projected.set(row.projected, at * width));
  const total = Math.max(...asked.map(({ past }) => past + 1));
  const found = await sessions[dtype]!.run({
    projected: { dtype: "float32", shape: [asked.length, 1, width], data: projected },
    keys: cache(({ keys }) => keys),
    values: cache(({ values }) => values),
    last: { dtype: "int32", shape: [asked.length], data: Int32Array.from(asked, ({ past }) => past) },
    total: { dtype: "int32", shape: [], data: Int32Array.of(total) },
  });
  const mixed = found["mixed"]!.data as Float32Array;
  return {
    mixed: asked.map((_, at) => mixed.slice(at * heads * size, (at + 1) * heads * size)),
    keysAfter: found["keys after"]!,
  };
}

/** Softmax attention of one new token over a row and itself, in double precision. */
function expected({ projected, keys, values, past }: Row): number[] {
  const part = (from: number, head: number) =>
    Array.from(projected.subarray((from + head) * size, (from + head + 1) * size));
  return Array.from({ length: heads }, (_, head) => {
    const group = Math.floor((head * keyValueHeads) / heads);
    const query = part(0, head);
    const stored = (of: Float32Array, token: number) =>
      Array.from(of.subarray((group * past + token) * size, (group * past + token + 1) * size));
    const tokens = Array.from({ length: past }, (_, token) => token);
    const allKeys = [...tokens.map((token) => stored(keys, token)), part(heads, group)];
    const allValues = [...tokens.map((token) => stored(values, token)), part(heads + keyValueHeads, group)];
    const weights = allKeys.map((key) =>
      Math.exp(key.reduce((sum, value, i) => sum + value * query[i]!, 0) / Math.sqrt(size)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return query.map((_, i) =>
      allValues.reduce((sum, value, token) => sum + (weights[token]! / total) * value[i]!, 0),
    );
  }).flat();
}

describe.each([
  ["float32", 1e-5],
  ["int8", 0.02],
] as const)("a cache in %s", (dtype, tolerance) => {
  test("the result is attention over the cache and the new token", async () => {
    const { mixed } = await attend(dtype, rows, 12);
    for (const [at, row] of rows.entries()) {
      const right = expected(row);
      const error = Math.hypot(...right.map((value, i) => value - mixed[at]![i]!));
      expect(error).toBeLessThan(tolerance * Math.hypot(...right));
    }
  });

  test("a row's result is the same bits alone and in company, whatever the capacity", async () => {
    const { mixed } = await attend(dtype, rows, 12);
    for (const [at, row] of rows.entries()) {
      expect((await attend(dtype, [row], 12)).mixed[0]).toEqual(mixed[at]);
      expect((await attend(dtype, [row], 20)).mixed[0]).toEqual(mixed[at]);
    }
  });

  test("the new key is appended to its row", async () => {
    const capacity = 12;
    const { keysAfter } = await attend(dtype, rows, capacity);
    for (const [at, { past, projected }] of rows.entries()) {
      for (let i = 0; i < keyValueHeads * size; i++) {
        const [head, channel] = [Math.floor(i / size), i % size];
        const place = ((at * keyValueHeads + head) * capacity + past) * size + channel;
        const step = dtype === "int8" ? steps[i]! : 1;
        const error = Number(keysAfter.data[place]) * step - projected[heads * size + i]!;
        expect(Math.abs(error)).toBeLessThanOrEqual(dtype === "int8" ? 0.501 * step : 0);
      }
    }
  });
});

test("values are rounded to the nearest step of their channel, and cut off beyond the last", async () => {
  const graph = new Graph();
  const shape = [1, keyValueHeads, 3, size];
  const x = graph.input("x", "float32", [1, keyValueHeads, "length", size]);
  graph.output("y", roundToSteps(x, graph.constant("float32", steps, [1, keyValueHeads, 1, size])));
  const path = join(folder, "round.onnx");
  await writeFile(path, encodeOnnx(graph));
  const session = await openSession(path, { threads: 1 });
  const data = noise(keyValueHeads * 3 * size, 7).map((value) => 1.5 * value);
  const { y } = await session.run({ x: { dtype: "float32", shape, data } });
  await session.close();
  for (const [i, value] of data.entries()) {
    const step = steps[Math.floor(i / (3 * size)) * size + (i % size)]!;
    const found = Number(y!.data[i]);
    if (Math.abs(value) > 127.5 * step) expect(Math.abs(found + 0.5)).toBe(127.5);
    else expect(Math.abs(found * step - value)).toBeLessThanOrEqual(0.501 * step);
  }
});
