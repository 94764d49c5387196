export { serveWorker, startWorker } from "./worker.ts";
export type { Emit, WorkerHandle, WorkerMethods } from "./worker.ts";
