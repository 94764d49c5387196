export { evaluate } from "./evaluate.ts";
export { gradeAnswer } from "./grading/grade-answer.ts";
export { checkGrading } from "./grading/grading-of.ts";
export type { Grade } from "./grading/grade.ts";
export type { ArmOutcome, Retrained } from "./input.ts";
