import { LoragError } from "../contracts/index.ts";
import type { TrainingSettings } from "./settings.ts";

type BatchKeys = Pick<TrainingSettings, "micro_batch_size" | "gradient_accumulation_steps">;

/** Half the rows in a pass, twice the passes in a step; undefined where a pass has one row already. */
export function halveBatch<Settings extends BatchKeys>(settings: Settings): Settings | undefined {
  const { micro_batch_size: rows, gradient_accumulation_steps: passes } = settings;
  if (rows % 2 !== 0) return undefined;
  return { ...settings, micro_batch_size: rows / 2, gradient_accumulation_steps: passes * 2 };
}

/** Told by the runtime, or by the system, which kills what has too much. `begun`: it had room for a whole step. */
export function isOutOfMemory(error: unknown, begun: boolean): boolean {
  if (!(error instanceof Error)) return false;
  if (/bad_alloc|failed to allocate|out of memory|Array buffer allocation failed/i.test(error.message))
    return true;
  return (
    !begun &&
    error instanceof LoragError &&
    error.code === "LORAG_WORKER_ENDED" &&
    error.message.includes("SIGKILL")
  );
}
