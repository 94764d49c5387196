import { expect, test } from "vitest";
import { startWorker } from "./worker.ts";
import type { EchoMethods } from "./echo-worker.case.ts";

const start = () => startWorker<number, EchoMethods>(new URL("./echo-worker.case.ts", import.meta.url));

test("a call returns the result and its events", async () => {
  const worker = start();
  const events: number[] = [];
  const sum = await worker.call("sum", [Float32Array.of(1, 2, 3)], (event) => events.push(event));
  expect({ sum, events }).toEqual({ sum: 6, events: [3] });
  await worker.terminate();
});

test("a typed error keeps its code across the thread", async () => {
  const worker = start();
  await expect(worker.call("fail", [])).rejects.toMatchObject({
    code: "LORAG_TEST",
    next: "try 8",
    exitCode: 65,
  });
  await worker.terminate();
});

test("calls fail when the thread dies", async () => {
  const worker = start();
  await expect(worker.call("exit", [])).rejects.toMatchObject({ code: "LORAG_WORKER_ENDED" });
  await expect(worker.call("sum", [new Float32Array(1)])).rejects.toMatchObject({
    code: "LORAG_WORKER_ENDED",
  });
});

test("closing lets the calls under way end, terminating does not", async () => {
  const worker = start();
  const call = worker.call("wait", [200]);
  await worker.close();
  await expect(call).resolves.toBe("waited");
  await expect(worker.call("sum", [new Float32Array(1)])).rejects.toMatchObject({
    code: "LORAG_WORKER_ENDED",
  });
  await worker.close();

  const other = start();
  const cut = other.call("wait", [60_000]);
  await Promise.all([
    expect(cut).rejects.toMatchObject({ code: "LORAG_WORKER_ENDED" }),
    other.call("sum", [new Float32Array(1)]).then(() => other.terminate()),
  ]);
});
