import { LoragError } from "../contracts/index.ts";
import { serveWorker, type Emit } from "./worker.ts";

const methods = {
  sum: (emit: Emit<number>, numbers: Float32Array) => {
    emit(numbers.length);
    return numbers.reduce((total, value) => total + value, 0);
  },
  fail: () => {
    throw new LoragError({ code: "LORAG_TEST", kind: "data", message: "bad 7", next: "try 8" });
  },
  exit: () => process.exit(3),
  abort: () => process.kill(process.pid, "SIGABRT"),
  pid: () => process.pid,
  give: (_emit: Emit<number>, value: { at: Float32Array; missing: undefined }) => value,
  /** As native code does: no call and no news comes in. */
  block: (_emit: Emit<number>, milliseconds: number) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
  wait: (_emit: Emit<number>, milliseconds: number) =>
    new Promise<string>((resolve) => setTimeout(resolve, milliseconds, "waited")),
};
export type EchoMethods = typeof methods;
serveWorker<number>(methods);
