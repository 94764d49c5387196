import { inPlaceOutput } from "../onnx/model.ts";
import { graphFailed, openRuntimeSession, type SessionOptions, type TypedTensor } from "./session.ts";

/** A session whose runs read and write arrays of the caller's, and copy nothing. */
export interface InPlaceSession {
  /**
   * Prepares a run on the given arrays, which may be changed between runs; an array that is both an input and an
   * output is updated in place. Runs block the calling thread. Throws LORAG_GRAPH_FAILED.
   */
  bind(
    inputs: Readonly<Record<string, TypedTensor>>,
    outputs: Readonly<Record<string, TypedTensor>>,
  ): () => Promise<void>;
  close(): Promise<void>;
}

/**
 * Loads a graph that was encoded with `inPlace`. onnxruntime writes into the arrays it is given, but its Node binding
 * then copies every output into a fresh array, and a cache of keys and values would be copied whole at each token.
 * The first output of such a graph is a sequence, at which the binding stops before it has copied anything: that one
 * refusal is the sign of a run that went well. Throws LORAG_RUNTIME_MISSING, LORAG_GRAPH_FAILED.
 */
export async function openInPlaceSession(path: string, options: SessionOptions): Promise<InPlaceSession> {
  const { runtime, session, close } = await openRuntimeSession(path, options);
  const toRuntime = (tensors: Readonly<Record<string, TypedTensor>>) =>
    Object.entries(tensors).map(
      ([name, { dtype, data, shape }]) =>
        [name, new runtime.Tensor(dtype, data as Float32Array, shape)] as const,
    );
  return {
    bind: (inputs, outputs) => {
      const feeds = Object.fromEntries(toRuntime(inputs));
      const fetches = Object.fromEntries([[inPlaceOutput, null], ...toRuntime(outputs)]);
      return async () => {
        try {
          await session.run(feeds, fetches);
        } catch (cause) {
          if (cause instanceof Error && cause.message.startsWith("Non tensor type")) return;
          throw graphFailed(`The graph ${path} failed while it ran`, cause);
        }
        // The results of a binding that copies sequences too would lie elsewhere than the caller looks.
        throw graphFailed(
          `The graph ${path} ran, but not in place`,
          new Error("another onnxruntime-node is installed"),
        );
      };
    },
    close,
  };
}
