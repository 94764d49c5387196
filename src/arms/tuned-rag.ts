import type { Arm } from "../contracts/index.ts";
import { createArm, type ArmParts } from "./create-arm.ts";

/** The model with an adapter trained to answer from passages (RAFT), shown the passages that retrieval finds. */
export const createTunedRag = (parts: ArmParts): Arm =>
  createArm(parts, { name: "tuned-rag", retrieves: true, adapter: "tuned-rag" });
