import type { Arm } from "../contracts/index.ts";
import { createArm, type ArmParts } from "./create-arm.ts";

/** The model as it comes, asked without passages. */
export const createBase = (parts: ArmParts): Arm => createArm(parts, { name: "base", retrieves: false });
