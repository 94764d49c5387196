import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  Graph,
  encodeOnnx,
  gather,
  layerNorm,
  matmul,
  openSession,
  split,
  tanh,
} from "../../src/engine/index.ts";

const python = join(process.env["LORAG_PEERS"] ?? join(homedir(), ".cache/lorag-peers"), "bin/python");

test("onnx.checker accepts a graph of ours, and its reference evaluator computes the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lorag-onnx-"));
  await writeFile(
    join(folder, "w.bin"),
    new Uint8Array(Float32Array.from({ length: 24 }, (_, i) => i / 8).buffer),
  );
  const graph = new Graph();
  const table = graph.weight({ file: "w.bin", offset: 0, length: 96, dtype: "float32", shape: [6, 4] });
  const rows = gather(table, graph.input("ids", "int64", ["batch"]));
  const ones = graph.constant("float32", [1, 1, 1, 1]);
  const [left, right] = split(layerNorm(rows, ones, ones, 1e-5), 1, [2, 2]);
  const square = graph.constant("float32", [1, 2, 3, 4], [2, 2]);
  graph.output("y", tanh(matmul(left!, matmul(square, square))));
  graph.output("z", right!);
  await writeFile(join(folder, "g.onnx"), encodeOnnx(graph));
  const script = `
import json, sys, numpy, onnx
from onnx.reference import ReferenceEvaluator
path = sys.argv[1]
onnx.checker.check_model(path, full_check=True)
model = onnx.load(path)
outputs = ReferenceEvaluator(model).run(None, {"ids": numpy.array([5, 0])})
print(json.dumps([output.flatten().tolist() for output in outputs]))`;
  const output = execFileSync(python, ["-c", script, join(folder, "g.onnx")], { encoding: "utf8" });
  const session = await openSession(join(folder, "g.onnx"), { threads: 1 });
  const ids = { dtype: "int64", shape: [2], data: BigInt64Array.of(5n, 0n) } as const;
  const { y, z } = await session.run({ ids });
  await session.close();
  for (const [i, values] of (JSON.parse(output) as number[][]).entries()) {
    const ours = [y!, z!][i]!.data as Float32Array;
    expect(ours.length).toBe(values.length);
    for (const [j, value] of values.entries()) expect(ours[j]).toBeCloseTo(value, 5);
  }
});
