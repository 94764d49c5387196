import { trainingDefaults } from "../contracts/index.ts";
import type { Batches } from "./batches.ts";
import { openHeadTrainable, type HeadTrainableOptions } from "./head-trainable.ts";
import type { TextBatch } from "./objectives/text-batches.ts";
import type { TrainingSettings } from "./settings.ts";
import { bestParameters, trainLoop } from "./train-loop.ts";

/**
 * A head as it is best on the model as it stands: what tuning both starts from. From a random one, the first steps would
 * change the model's features for no reason (https://arxiv.org/abs/2202.10054). Takes a small share of the time that tuning
 * does: each text passes the model once.
 */
export async function probeHead(
  options: Omit<HeadTrainableOptions, "tuning" | "settings">,
  given: TrainingSettings,
  { train, validation }: { train: Batches<TextBatch>; validation: Batches<TextBatch> },
  isStopped: () => Promise<boolean>,
): Promise<Float32Array | "stopped"> {
  const settings = { ...given, ...trainingDefaults({ method: "head", rl: undefined, freeze_base: true }) };
  const model = openHeadTrainable({ ...options, tuning: undefined, settings });
  try {
    const { state, finished } = await trainLoop({
      model,
      train,
      validation,
      settings,
      checkpointSeconds: Infinity,
      resume: undefined,
      save: async () => {},
      restore: async () => undefined,
      onFault: async () => {},
      onStep: async () => {},
      isStopped,
    });
    return finished ? bestParameters(state) : "stopped";
  } finally {
    await model.close();
  }
}
