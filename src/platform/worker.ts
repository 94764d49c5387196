import { fork, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { LoragError, type PlainError } from "../contracts/index.ts";

/**
 * Typed calls into a worker process. The worker file calls `serveWorker(methods)` once; the owner calls
 * `startWorker<Methods>(url)` and gets the same methods back, each returning a promise. Arguments and results
 * are copied by the structured clone algorithm.
 *
 * A process and not a thread: native code that fails, or that the system ends for want of memory, ends the call and
 * not the program, a worker can be ended at any moment, and glibc takes the page size of its memory from the
 * environment a process starts with.
 *
 * A method may report events while it runs: its first parameter is `emit`, and the owner's `onEvent` sees each.
 */
export type Emit<Event> = (event: Event) => void;

export type WorkerMethods<Event> = Record<string, (emit: Emit<Event>, ...args: never[]) => unknown>;

type Call = { id: number; method: string; args: unknown[] };
type Reply =
  | { id: number; event: unknown }
  | { id: number; result: unknown }
  | { id: number; error: PlainError | { message: string; stack?: string } };

export interface WorkerHandle<Event, Methods extends WorkerMethods<Event>> {
  call<Name extends keyof Methods & string>(
    method: Name,
    args: Methods[Name] extends (emit: Emit<Event>, ...args: infer Args) => unknown ? Args : never,
    onEvent?: (event: Event) => void,
  ): Promise<Awaited<ReturnType<Methods[Name]>>>;
  /** Ends the process at once; calls under way reject with LORAG_WORKER_ENDED. */
  close(): Promise<void>;
}

export interface WorkerOptions {
  /**
   * Most memory for objects of JavaScript. A worker that needs more ends, its calls reject, and what the runtime
   * prints then is not shown.
   */
  heapMegabytes?: number;
}

/**
 * Starts the module at `url` (from `new URL("./x-worker.ts", import.meta.url)`) in a process of its own, which ends
 * with this one however that ends.
 */
export function startWorker<Event, Methods extends WorkerMethods<Event>>(
  url: URL,
  { heapMegabytes }: WorkerOptions = {},
): WorkerHandle<Event, Methods> {
  const child = fork(new URL(runnable("./worker-main.ts"), import.meta.url), [runnable(url.href)], {
    serialization: "advanced",
    execArgv: [...loader(), ...(heapMegabytes ? [`--max-old-space-size=${heapMegabytes}`] : [])],
    env: { ...process.env, ...hugePages() },
    // What it prints is never a result: stdout belongs to the program alone.
    stdio: ["ignore", 2, heapMegabytes ? "ignore" : 2, "ipc"],
  });
  running.add(child);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended = false;

  const cutShort = (how: string): Error => workerEnded(url, `(${how}) with calls under way`);
  const failAll = (error: Error): void => {
    ended = true;
    running.delete(child);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on("message", (reply: Reply) => {
    const entry = waiting.get(reply.id);
    if (!entry) return;
    if ("event" in reply) return entry.onEvent?.(reply.event);
    waiting.delete(reply.id);
    if (waiting.size === 0) holdOpen(child, false);
    if ("error" in reply) entry.reject(revive(reply.error));
    else entry.resolve(reply.result);
  });
  child.on("error", (error) => failAll(cutShort(error.message)));
  child.on("exit", (code, signal) => failAll(cutShort(signal ?? `exit code ${code}`)));
  holdOpen(child, false);

  return {
    call: (method, args, onEvent) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(workerEnded(url, "before the call"));
        const id = ++lastId;
        // Where it cannot be sent the process has ended, and the end rejects the call.
        child.send({ id, method, args } satisfies Call, () => {});
        waiting.set(id, {
          resolve: resolve as (value: unknown) => void,
          reject,
          ...(onEvent && { onEvent: onEvent as (event: unknown) => void }),
        });
        holdOpen(child, true);
      }),
    close: () =>
      new Promise((resolve) => {
        if (ended) return resolve();
        child.once("exit", () => resolve());
        holdOpen(child, true);
        child.kill("SIGKILL");
      }),
  };
}

/** To be called once, at the top level of the worker's module. Calls run concurrently where methods are async. */
export function serveWorker<Event>(methods: WorkerMethods<Event>): void {
  if (!process.send) throw new Error("serveWorker runs in a worker process only");
  const send = (reply: Reply): void => {
    // Where it cannot be sent the program has ended, of which native code kept the news from coming in.
    process.send!(reply, (error: Error | null) => error && process.kill(process.pid, "SIGKILL"));
  };
  process.on("message", async ({ id, method, args }: Call) => {
    try {
      const run = methods[method];
      if (!run) throw new Error(`no method ${method} in this worker`);
      const result = await run((event) => send({ id, event }), ...(args as never[]));
      send({ id, result });
    } catch (error) {
      send({ id, error: flatten(error) });
    }
  });
}

/** They hear of the program's end by themselves, but not before native code has done its step. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onEvent?: (event: unknown) => void;
}

/** An idle worker must not keep the program alive. */
function holdOpen(child: ChildProcess, hold: boolean): void {
  for (const handle of [child, child.channel]) {
    if (hold) handle?.ref();
    else handle?.unref();
  }
}

const fromSource = import.meta.url.endsWith(".ts");

/** `new URL` literals name the source; after the build its sibling is a .js file. */
function runnable(url: string): string {
  return fromSource ? url : url.replace(/\.ts$/, ".js");
}

/** What runs TypeScript: a new process does not inherit the loader of tsx or vitest. */
function loader(): string[] {
  if (!fromSource) return [];
  return ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
}

/** Asks glibc for large pages: matrices take less time to read, training about a tenth less in all. */
function hugePages(): Record<string, string> {
  const given = process.env["GLIBC_TUNABLES"];
  if (given?.includes("glibc.malloc.hugetlb")) return {};
  return { GLIBC_TUNABLES: [...(given ? [given] : []), "glibc.malloc.hugetlb=1"].join(":") };
}

function flatten(error: unknown): PlainError | { message: string; stack?: string } {
  if (error instanceof LoragError) return error.toPlain();
  if (error instanceof Error) return { message: error.message, ...(error.stack && { stack: error.stack }) };
  return { message: String(error) };
}

function revive(plain: PlainError | { message: string; stack?: string }): Error {
  if ("code" in plain) return LoragError.fromPlain(plain);
  const error = new Error(plain.message);
  if (plain.stack) error.stack = plain.stack;
  return error;
}

function workerEnded(url: URL, how: string): LoragError {
  const name = url.pathname.split("/").at(-1);
  return new LoragError({
    code: "LORAG_WORKER_ENDED",
    kind: "internal",
    message: `The worker ${name} ended ${how}`,
    next: "Run the command again: finished work is kept. If it ends again, check the free memory.",
  });
}
