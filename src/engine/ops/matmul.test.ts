import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Graph } from "../graph.ts";
import { encodeOnnx } from "../onnx/model.ts";
import { openSession } from "../session/session.ts";
import { gradients } from "../gradient/gradients.ts";
import { multiply } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { sum } from "./shape.ts";

test.each([
  { rows: 128, narrow: 8, wide: 384, how: "in blocks of 64 rows" },
  { rows: 96, narrow: 3, wide: 400, how: "in blocks of 48 rows" },
  { rows: 97, narrow: 8, wide: 384, how: "at once" },
  { rows: 64, narrow: 8, wide: 384, how: "at once" },
])("a gradient aᵀ · b over $rows rows, $narrow and $wide wide, $how", async ({ rows, narrow, wide }) => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-matmul-"));
  const graph = new Graph();
  const a = graph.input("a", "float32", [rows, narrow]);
  const b = graph.input("b", "float32", [rows, wide]);
  const weight = graph.input("weight", "float32", [narrow, wide]);
  const loss = sum(multiply(matmul(a, weight, { alpha: 0.5 }), b));
  graph.output("product", gradients(graph, loss, [weight])[0]!);
  const path = join(folder, "matmul.onnx");
  await writeFile(path, encodeOnnx(graph));
  const session = await openSession(path, { threads: 1 });
  const values = (count: number, phase: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.cos(2.3 * i + phase));
  const [left, right] = [values(rows * narrow, 0), values(rows * wide, 1)];
  const { product } = await session.run({
    a: { dtype: "float32", shape: [rows, narrow], data: left },
    b: { dtype: "float32", shape: [rows, wide], data: right },
    weight: { dtype: "float32", shape: [narrow, wide], data: values(narrow * wide, 2) },
  });
  await session.close();
  await rm(folder, { recursive: true });

  expect(product!.shape).toEqual([narrow, wide]);
  let worst = 0;
  for (let i = 0; i < narrow; i++) {
    for (let j = 0; j < wide; j++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += 0.5 * left[row * narrow + i]! * right[row * wide + j]!;
      worst = Math.max(worst, Math.abs(sum - Number(product!.data[i * wide + j])));
    }
  }
  expect(worst).toBeLessThan(1e-4);
});
