import { sha256 } from "../platform/index.ts";
import type { TrainingSettings } from "./settings.ts";

/**
 * Of all that the trained numbers depend on, in 16 hexadecimal digits: a run goes on from checkpoints of the same alone.
 * `identity` is that of the task.
 */
export function fingerprintRun(
  model: string,
  settings: TrainingSettings,
  identity: readonly unknown[],
): string {
  return sha256(JSON.stringify([model, settings, ...identity])).slice(0, 16);
}
