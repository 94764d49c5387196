import { spawn, type ChildProcess } from "node:child_process";
import { expect, test } from "vitest";
import { processStart } from "./process-identity.ts";
import { startWorker } from "./worker.ts";
import type { EchoMethods } from "./echo-worker.case.ts";

const start = () => startWorker<number, EchoMethods>(new URL("./echo-worker.case.ts", import.meta.url));

test("a call returns the result and its events", async () => {
  const worker = start();
  const events: number[] = [];
  const sum = await worker.call("sum", [Float32Array.of(1, 2, 3)], (event) => events.push(event));
  expect({ sum, events }).toEqual({ sum: 6, events: [3] });
  await worker.close();
});

test("values cross as they are", async () => {
  const worker = start();
  const value = { at: Float32Array.of(NaN, -0, Infinity), missing: undefined };
  const back = await worker.call("give", [value]);
  expect(back).toStrictEqual(value);
  await expect(worker.call("give", [(() => 1) as never])).rejects.toThrow("could not be cloned");
  await expect(worker.call("sum", [Float32Array.of(2)])).resolves.toBe(2);
  await worker.close();
});

test("a typed error keeps its code across the process", async () => {
  const worker = start();
  await expect(worker.call("fail", [])).rejects.toMatchObject({
    code: "LORAG_TEST",
    next: "try 8",
    exitCode: 65,
  });
  await worker.close();
});

test.each([
  ["exit", "exit code 3"],
  ["abort", "SIGABRT"],
] as const)("when the worker ends by %s, calls fail and the program goes on", async (method, how) => {
  const worker = start();
  const call = worker.call(method, []);
  await expect(call).rejects.toMatchObject({ code: "LORAG_WORKER_ENDED" });
  await expect(call).rejects.toThrow(how);
  await expect(worker.call("sum", [new Float32Array(1)])).rejects.toMatchObject({
    code: "LORAG_WORKER_ENDED",
  });
  await worker.close();
});

test("closing ends calls under way, and the process", async () => {
  const worker = start();
  const pid = await worker.call("pid", []);
  const cut = worker.call("wait", [60_000]);
  await Promise.all([
    expect(cut).rejects.toMatchObject({ code: "LORAG_WORKER_ENDED" }),
    worker.call("sum", [new Float32Array(1)]).then(() => worker.close()),
  ]);
  expect(processStart(pid)).toBeUndefined();
  await worker.close();
});

/** A program that starts a worker and does `work` with it. */
function startProgram(work: string): ChildProcess {
  const [module, worker] = ["./worker.ts", "./echo-worker.case.ts"].map((name) =>
    JSON.stringify(new URL(name, import.meta.url).href),
  );
  const script = `
    import { startWorker } from ${module};
    const worker = startWorker(new URL(${worker}));
    ${work}`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: new URL("../..", import.meta.url).pathname,
  });
}

test("a worker ends with its program, even one that is killed", async () => {
  const program = startProgram(
    `console.log(await worker.call("pid", [])); await worker.call("wait", [60_000]);`,
  );
  const pid = Number(await new Promise<Buffer>((resolve) => program.stdout!.once("data", resolve)));
  expect(processStart(pid)).toBeDefined();
  program.kill("SIGKILL");
  await expect.poll(() => processStart(pid), { timeout: 10_000 }).toBeUndefined();
});

test("a worker in native code ends at once with a program that exits, and without a word with one that is killed", async () => {
  const block = (milliseconds: number, end: string) =>
    startProgram(`console.log(await worker.call("pid", []));
      const blocked = worker.call("block", [${milliseconds}]);
      setTimeout(() => { ${end} }, 300);
      await blocked;`);
  const exiting = block(60_000, "process.exit()");
  const pid = Number(await new Promise<Buffer>((resolve) => exiting.stdout!.once("data", resolve)));
  await expect.poll(() => processStart(pid), { timeout: 10_000 }).toBeUndefined();

  const killed = block(1000, `process.kill(process.pid, "SIGKILL")`);
  let printed = "";
  killed.stderr!.on("data", (piece: Buffer) => (printed += piece));
  // Its worker holds the same pipe, which closes when both have ended.
  await new Promise((resolve) => killed.once("close", resolve));
  expect(printed).toBe("");
});

test("an idle worker does not keep its program alive", async () => {
  const program = startProgram(`await worker.call("pid", []);`);
  expect(await new Promise((resolve) => program.once("exit", resolve))).toBe(0);
});

test("signals from the terminal are the program's to answer", async () => {
  const worker = start();
  const pid = await worker.call("pid", []);
  const call = worker.call("wait", [300]);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.kill(pid, signal);
  await expect(call).resolves.toBe("waited");
  await worker.close();
});
