import { Worker, parentPort, type Transferable, type WorkerOptions } from "node:worker_threads";
import { LoragError, type PlainError } from "../contracts/index.ts";

/**
 * Typed calls into a worker thread. The worker file calls `serveWorker(methods)` once; the owner calls
 * `startWorker<Methods>(url)` and gets the same methods back, each returning a promise. Arguments and results
 * are copied by the structured clone algorithm; SharedArrayBuffers are shared.
 *
 * A method may report events while it runs: its first parameter is `emit`, and the owner's `onEvent` sees each.
 */
export type Emit<Event> = (event: Event, transfer?: Transferable[]) => void;

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
  /**
   * Ends the thread once the calls under way have ended: a thread that is ended inside native code takes the whole
   * process with it.
   */
  close(): Promise<void>;
  /** Ends the thread at once, one that runs JavaScript alone; calls under way reject with LORAG_WORKER_ENDED. */
  terminate(): Promise<void>;
}

/**
 * Starts the module at `url` (from `new URL("./x-worker.ts", import.meta.url)`) in a thread. A thread whose objects
 * grow beyond `heapMegabytes` ends, and its calls reject.
 */
export function startWorker<Event, Methods extends WorkerMethods<Event>>(
  url: URL,
  options: { heapMegabytes?: number } = {},
): WorkerHandle<Event, Methods> {
  const worker = openThread(url, {
    ...(options.heapMegabytes && { resourceLimits: { maxOldGenerationSizeMb: options.heapMegabytes } }),
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended = false;
  let onIdle = (): void => {};

  const failAll = (error: Error): void => {
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    onIdle();
  };
  worker.on("message", (reply: Reply) => {
    const entry = waiting.get(reply.id);
    if (!entry) return;
    if ("event" in reply) return entry.onEvent?.(reply.event);
    waiting.delete(reply.id);
    // An idle worker must not keep the process alive.
    if (waiting.size === 0) {
      worker.unref();
      onIdle();
    }
    if ("error" in reply) entry.reject(revive(reply.error));
    else entry.resolve(reply.result);
  });
  worker.on("error", failAll);
  worker.on("exit", (code) => failAll(workerEnded(url, code)));
  worker.unref();

  return {
    call: (method, args, onEvent) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(workerEnded(url, 0));
        const id = ++lastId;
        waiting.set(id, {
          resolve: resolve as (value: unknown) => void,
          reject,
          ...(onEvent && { onEvent: onEvent as (event: unknown) => void }),
        });
        worker.ref();
        worker.postMessage({ id, method, args } satisfies Call);
      }),
    close: async () => {
      if (waiting.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await worker.terminate();
    },
    terminate: async () => {
      await worker.terminate();
    },
  };
}

/** To be called once, at the top level of the worker's module. Calls run concurrently where methods are async. */
export function serveWorker<Event>(methods: WorkerMethods<Event>): void {
  if (!parentPort) throw new Error("serveWorker runs in a worker thread only");
  const port = parentPort;
  port.on("message", async ({ id, method, args }: Call) => {
    try {
      const emit: Emit<Event> = (event, transfer) =>
        port.postMessage({ id, event } satisfies Reply, transfer);
      const run = methods[method];
      if (!run) throw new Error(`no method ${method} in this worker`);
      const result = await run(emit, ...(args as never[]));
      port.postMessage({ id, result } satisfies Reply);
    } catch (error) {
      port.postMessage({ id, error: flatten(error) } satisfies Reply);
    }
  });
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onEvent?: (event: unknown) => void;
}

function openThread(url: URL, options: WorkerOptions): Worker {
  if (!url.pathname.endsWith(".ts")) {
    // After the build the sibling is a .js file; `new URL` literals are not rewritten by the compiler.
    return new Worker(url, options);
  }
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL(url.href.replace(/\.ts$/, ".js")), options);
  }
  // From source: threads do not inherit the loader of tsx or vitest, so they register it themselves.
  const bootstrap = `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(bootstrap, { ...options, eval: true });
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

function workerEnded(url: URL, code: number): LoragError {
  const name = url.pathname.split("/").at(-1);
  return new LoragError({
    code: "LORAG_WORKER_ENDED",
    kind: "internal",
    message: `The worker ${name} ended (exit code ${code}) with calls under way`,
    next: "Run the command again: finished work is kept. If it ends again, check the free memory.",
  });
}
