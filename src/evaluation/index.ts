export { evaluate } from "./evaluate.ts";
export type { ArmOutcome } from "./input.ts";
