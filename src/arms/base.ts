import type { ArmTraits } from "./create-arm.ts";

/** The model as it comes, asked without passages. */
export const base: ArmTraits = { name: "base", retrieves: false, tuned: false };
