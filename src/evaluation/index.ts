export { evaluate } from "./evaluate.ts";
export type { ArmOutcome, Retrained } from "./input.ts";
