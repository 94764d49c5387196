import type { Context } from "./context.ts";

/** Ids of the parts of a run: keys, never shown. What people read is the `step` that progress reports carry. */
export const stageIds = {
  reading: "read",
  indexing: (index: string): string => `index/${index}`,
  /** Passages for the examples that an adapter is trained on. */
  finding: (adapter: string): string => `find/${adapter}`,
  training: (adapter: string): string => `train/${adapter}`,
  answering: (arm: string): string => `answer/${arm}`,
};

/** The context of work whose progress is that of one stage of the run. */
export function inStage(context: Context, stage: string): Context {
  return { ...context, onProgress: (progress) => context.onProgress({ ...progress, stage }) };
}
