import { LoragError } from "../../contracts/index.ts";
import type { DataType } from "../graph.ts";

type Runtime = typeof import("onnxruntime-node");

export type TensorData = Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;

/** A tensor's values when a graph runs, row-major. */
export interface TypedTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface SessionOptions {
  /** Threads that one run uses. */
  threads: number;
  /** Writes a trace of every operation's time to `<prefix>_<date>.json` when the session is closed. */
  profilePrefix?: string;
}

export interface Session {
  /**
   * Runs the graph on the calling thread, which is blocked meanwhile: call it in a worker. `outputs` names those
   * wanted, all by default; a tensor given instead of null receives the values in place.
   * Throws LORAG_GRAPH_FAILED.
   */
  run(
    feeds: Readonly<Record<string, TypedTensor>>,
    outputs?: readonly string[] | Readonly<Record<string, TypedTensor | null>>,
  ): Promise<Record<string, TypedTensor>>;
  close(): Promise<void>;
}

/**
 * How long a session's threads wait busily for more work. onnxruntime's own choice, over 50 ms, takes a core from
 * whatever runs next: a decode step after a piece of a prompt, in two sessions, took twice as long. Longer than the pauses
 * within a run and between two steps.
 */
const microsecondsOfSpinning = 1000;

/** Loads the ONNX model at `path`, its weights from the files beside it. Throws LORAG_RUNTIME_MISSING, LORAG_GRAPH_FAILED. */
export async function openSession(path: string, options: SessionOptions): Promise<Session> {
  const { runtime, session, close } = await openRuntimeSession(path, options);
  const toRuntime = ({ dtype, data, shape }: TypedTensor) =>
    new runtime.Tensor(dtype, data as Float32Array, shape);
  return {
    run: async (feeds, outputs = session.outputNames) => {
      const inputs = mapValues(feeds, toRuntime);
      const fetches = isNames(outputs)
        ? outputs
        : mapValues(outputs, (tensor) => tensor && toRuntime(tensor));
      const results = await session.run(inputs, fetches).catch((cause: unknown) => {
        throw graphFailed(`The graph ${path} failed while it ran`, cause);
      });
      return mapValues(results, ({ type, dims, data }) => ({
        dtype: type as DataType,
        shape: dims,
        data: data as TensorData,
      }));
    },
    close,
  };
}

/** What every kind of session opens and closes alike. Throws LORAG_RUNTIME_MISSING, LORAG_GRAPH_FAILED. */
export async function openRuntimeSession(path: string, options: SessionOptions) {
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(path, {
    executionProviders: ["cpu"],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      // One pass over the two, and yet five times as slow as an addition and a layer norm (docs/decisions/0004).
      optimization: { disable_specified_optimizers: "SkipLayerNormFusion" },
      session: {
        // On x64 processors without VNNI, products of uint8 and int8 overflow 16 bits and are cut off, by a fifth and more of
        // a row's length; there, and there alone, this makes the weights uint8.
        x64quantprecision: "1",
        intra_op: { spin_duration_us: String(microsecondsOfSpinning) },
      },
    },
    ...(options.profilePrefix && { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
  }).catch((cause: unknown) => {
    throw graphFailed(`The graph ${path} could not be loaded`, cause);
  });
  const close = async (): Promise<void> => {
    if (options.profilePrefix) session.endProfiling();
    await session.release();
  };
  return { runtime, session, close };
}

async function loadRuntime(): Promise<Runtime> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_RUNTIME_MISSING",
      kind: "unavailable",
      message: `onnxruntime-node could not be loaded: ${(cause as Error).message}`,
      next: "Install the dependencies again with `npm ci`. If the message names a missing library, your platform may lack a build of onnxruntime.",
      cause,
    });
  }
}

export function graphFailed(what: string, cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_GRAPH_FAILED",
    kind: "internal",
    message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    next: "Check the free memory. If it persists, remove the folder `compiled` in the lorag cache and try again.",
    cause,
  });
}

function isNames(outputs: readonly string[] | object): outputs is readonly string[] {
  return Array.isArray(outputs);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
