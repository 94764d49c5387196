import type { Arm } from "../contracts/index.ts";
import { createArm, type ArmParts } from "./create-arm.ts";

/** The model with an adapter trained on questions and answers alone, asked without passages. */
export const createTuned = (parts: ArmParts): Arm =>
  createArm(parts, { name: "tuned", retrieves: false, adapter: "tuned" });
