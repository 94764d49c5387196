import { LoragError, armSpec, type ArmEntry, type ArmSpec, type Config } from "../../contracts/index.ts";

/**
 * The contender that an entry of `arms` stands for. One that classifies does so on the embedding model where it names no other.
 * Throws LORAG_CONFIG where its keys do not go together.
 */
export function projectArm(config: Config, entry: ArmEntry): ArmSpec {
  const arm = armSpec(entry);
  const fault = faultOf(config, arm);
  if (fault) {
    throw new LoragError({
      code: "LORAG_CONFIG",
      kind: "config",
      message: `The arm ${arm.name} ${fault.what}`,
      next: fault.next,
    });
  }
  return arm.answerer === "classify" ? { ...arm, model: arm.model ?? config.embedding_model } : arm;
}

function faultOf(config: Config, arm: ArmSpec): { what: string; next: string } | undefined {
  const { method, rl } = { ...config, ...arm.tuning };
  const hasHead = arm.tuning !== undefined && method === "head";
  if (arm.answerer === "classify") {
    if (!hasHead)
      return {
        what: "classifies without a head",
        next: "Give it `preset: head`, or `tuning: { method: head }`.",
      };
    if (arm.context !== "none" || arm.examples)
      return {
        what: "classifies, and a head reads the question alone",
        next: "Leave out its context and examples.",
      };
  } else if (hasHead) {
    return {
      what: "has a head, which does not write",
      next: "Give it `answerer: classify`, or another method.",
    };
  }
  if (arm.tuning !== undefined && method === "embedder") {
    if (arm.context !== "passages")
      return {
        what: `tunes the embedding model, and has the context ${arm.context}`,
        next: "Give it `preset: rag`, or another with the context passages; or another method.",
      };
    if (rl)
      return {
        what: `tunes the embedding model, and rl: ${rl} compares answers that are written`,
        next: "Leave out `rl`.",
      };
  }
  if (hasHead && rl)
    return { what: `has a head, and rl: ${rl} compares answers that are written`, next: "Leave out `rl`." };
  return undefined;
}
