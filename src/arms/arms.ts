import type { ArmName } from "../contracts/index.ts";
import { base } from "./base.ts";
import type { ArmTraits } from "./create-arm.ts";
import { rag } from "./rag.ts";
import { tuned } from "./tuned.ts";
import { tunedRag } from "./tuned-rag.ts";

/** Every arm by its name: a new arm is a file and a row here. */
export const armTraits: Record<ArmName, ArmTraits> = { base, rag, tuned, "tuned-rag": tunedRag };

/** Arms that need an adapter of their own. */
export type TunedArm = Extract<ArmName, "tuned" | "tuned-rag">;

export const isTunedArm = (name: ArmName): name is TunedArm => armTraits[name].tuned;

/** Whether the arm shows the model passages. */
export const retrieves = (name: ArmName): boolean => armTraits[name].retrieves;
