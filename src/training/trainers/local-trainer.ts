import type { ResolvedModel } from "../../models/index.ts";
import { trainAdapter } from "../train-adapter.ts";
import type { Trainer } from "./trainer.ts";

/** This engine, in a process of its own. */
export function createLocalTrainer(model: ResolvedModel): Trainer {
  return {
    train: async (job, { onStep, onMessage, signal } = {}) => {
      const record = await trainAdapter({
        ...job,
        model,
        ...(signal && { signal }),
        ...(onStep && { onStep }),
        ...(onMessage && { onFault: onMessage }),
      });
      return { kind: "peft", folder: job.folder, record };
    },
  };
}
