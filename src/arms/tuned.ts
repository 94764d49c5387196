import type { ArmTraits } from "./create-arm.ts";

/** The model with an adapter trained on questions and answers alone, asked without passages. */
export const tuned: ArmTraits = { name: "tuned", retrieves: false, tuned: true };
