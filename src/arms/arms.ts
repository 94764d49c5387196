import type { Arm, ArmName } from "../contracts/index.ts";
import { createBase } from "./base.ts";
import type { ArmParts } from "./create-arm.ts";
import { createRag } from "./rag.ts";
import { createTuned } from "./tuned.ts";
import { createTunedRag } from "./tuned-rag.ts";

/** Every arm by its name: a new arm is a file and a row here. */
export const armMakers: Record<ArmName, (parts: ArmParts) => Arm> = {
  base: createBase,
  rag: createRag,
  tuned: createTuned,
  "tuned-rag": createTunedRag,
};

/** Arms that need an adapter, and whether its training shows passages. */
export const tunedArms = { tuned: { retrieves: false }, "tuned-rag": { retrieves: true } } as const;
export type TunedArm = keyof typeof tunedArms;

export const isTunedArm = (name: ArmName): name is TunedArm => name in tunedArms;
