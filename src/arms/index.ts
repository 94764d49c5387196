export { armTraits, isTunedArm, retrieves } from "./arms.ts";
export type { TunedArm } from "./arms.ts";
export { createArm } from "./create-arm.ts";
export type { ArmParts } from "./create-arm.ts";
export { questionOf, renderPrompt } from "./prompt.ts";
export type { PromptStyle } from "./prompt.ts";
