import { usesModel } from "../../arms/index.ts";
import { describeMachine } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

const gigabyte = 2 ** 30;

/**
 * Bytes that the largest process of a comparison takes, and those that are free; undefined where no local model takes
 * part, or none that lies on this machine already.
 */
export async function memoryNeeded({
  arms,
  config,
  entryOf,
}: Project): Promise<{ needed: number; free: number } | undefined> {
  const models = await import("../../models/index.ts");
  const { estimateMemory } = await import("../../training/index.ts");
  const { micro_batch_size, sequence_len, arithmetic } = config;
  const tokens = micro_batch_size * sequence_len;
  let needed = 0;
  for (const arm of arms.filter((one) => usesModel(one) && one.answerer !== "classify")) {
    const entry = entryOf(arm.model);
    const found = typeof entry === "string" ? await models.findModel(entry) : undefined;
    if (!found) continue;
    const { config: json, weights } = await models.openModel(found);
    weights.close();
    const sizes = models.parseDecoderConfig(json);
    const { answering, training } = estimateMemory(sizes, { tokens, scored: tokens / 4, arithmetic });
    needed = Math.max(needed, answering, arm.tuning === undefined ? 0 : training);
  }
  if (needed === 0) return undefined;
  return { needed, free: describeMachine().freeMemoryGb * gigabyte };
}
