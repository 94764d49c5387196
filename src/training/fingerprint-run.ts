import type { BatchShape } from "../models/index.ts";
import { sha256 } from "../platform/index.ts";
import type { EncodedExample } from "./encode.ts";
import type { TrainingSettings } from "./settings.ts";

/**
 * Of all that the trained numbers depend on, in 16 hexadecimal digits: a run goes on from checkpoints of the same alone.
 * The shape follows from the rest, but another version of this program may choose another one, and with it other steps.
 */
export function fingerprintRun(
  model: string,
  settings: TrainingSettings,
  shape: BatchShape,
  { train, validation }: { train: EncodedExample[]; validation: EncodedExample[] },
): string {
  const ids = (list: EncodedExample[]) => list.map(({ ids, completionStart }) => [completionStart, ...ids]);
  return sha256(JSON.stringify([model, settings, shape, ids(train), ids(validation)])).slice(0, 16);
}
