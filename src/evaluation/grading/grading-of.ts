import {
  LoragError,
  gradingForms,
  gradingSchema,
  inBrief,
  type Example,
  type Grading,
} from "../../contracts/index.ts";
import { isUnanswerable } from "../metrics/abstention.ts";
import { gradeAnswer } from "./grade-answer.ts";

/** How a question is graded: as it says itself, else as the project does. Throws LORAG_GRADING. */
export function gradingOf(question: Example, project: Grading): Grading {
  const own = question.metadata?.["grading"];
  if (own === undefined) return project;
  const parsed = gradingSchema.safeParse(own);
  if (parsed.success)
    return parsed.data.mode === "judge" ? { model: project.model, ...parsed.data } : parsed.data;
  throw new LoragError({
    code: "LORAG_GRADING",
    kind: "data",
    message: `The \`metadata.grading\` of ${question.id} is ${inBrief(own)}.`,
    next: `Write ${gradingForms}.`,
  });
}

/** The gold and what else is accepted (`metadata.accept`), the gold first. */
export function goldsOf({ completion, metadata }: Example): string[] {
  const accept = metadata?.["accept"];
  const more = Array.isArray(accept) ? accept : accept === undefined ? [] : [accept];
  return [
    completion,
    ...more.filter((gold) => typeof gold === "string" || typeof gold === "number").map(String),
  ];
}

/** Throws LORAG_GRADING for a question that cannot be graded as it says, before anything is spent on it. */
export function checkGrading(questions: readonly Example[], project: Grading): void {
  for (const question of questions) {
    const grading = gradingOf(question, project);
    if (grading.mode === "judge" && grading.model === undefined) throw noJudge(question);
    if (["auto", "judge"].includes(grading.mode) || isUnanswerable(question)) continue;
    const golds = goldsOf(question);
    for (const gold of golds) gradeAnswer(gold, [gold], { grading });
  }
}

const noJudge = ({ id }: Example): LoragError =>
  new LoragError({
    code: "LORAG_GRADING",
    kind: "data",
    message: `The \`metadata.grading\` of ${id} asks for a judge and names no model.`,
    next: "Write {mode: judge, model: NAME}, there or as `grading` in lorag.yaml.",
  });
