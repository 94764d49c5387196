import type { ArmTraits } from "./create-arm.ts";

/** The model as it comes, shown the passages that retrieval finds. */
export const rag: ArmTraits = { name: "rag", retrieves: true, tuned: false };
