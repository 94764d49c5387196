export type { ArmParts } from "./arm-parts.ts";
export { usesModel } from "./answerers.ts";
export { retrieves } from "./contexts.ts";
export { createArm } from "./create-arm.ts";
export { questionOf, renderPrompt } from "./prompt.ts";
export type { PromptStyle } from "./prompt.ts";
