import type { Arm } from "../contracts/index.ts";
import { createArm, type ArmParts } from "./create-arm.ts";

/** The model as it comes, shown the passages that retrieval finds. */
export const createRag = (parts: ArmParts): Arm => createArm(parts, { name: "rag", retrieves: true });
