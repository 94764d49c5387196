import { LoragError } from "../contracts/index.ts";

/**
 * A failure of one arm must not end the comparison. Ctrl-C must, and so must a full or read-only disk: it would meet
 * every arm, and a comparison of what is left would look whole.
 */
export async function failureAsValue<Value>(
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value | LoragError> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof LoragError) {
      if (error.kind === "io") throw error;
      return error;
    }
    return new LoragError({
      code: "LORAG_ARM_FAILED",
      kind: "internal",
      message: error instanceof Error ? error.message : String(error),
      next: "Run `lorag doctor`; the other arms were compared without this one.",
      cause: error,
    });
  }
}
