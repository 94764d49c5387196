import type { ArmTraits } from "./create-arm.ts";

/** The model with an adapter trained to answer from passages (RAFT), shown the passages that retrieval finds. */
export const tunedRag: ArmTraits = { name: "tuned-rag", retrieves: true, tuned: true };
