import type { GradeOverride, QuestionRecord } from "../contracts/index.ts";

/** The record with the grades that a person has set aside; each says so, with the reason. */
export function overrideGrades(
  record: QuestionRecord,
  overrides: readonly GradeOverride[] = [],
): QuestionRecord {
  const arms = { ...record.arms };
  for (const { question, arm, answer, correct, reason } of overrides) {
    const graded = arms[arm];
    if (question !== record.id || graded === undefined || graded.text !== answer || correct === null)
      continue;
    const value = correct ? 1 : 0;
    arms[arm] = {
      ...graded,
      scores: { ...graded.scores, correct: value, f1Normalised: value },
      overridden: { was: graded.scores.correct === 1, reason },
      why: `Set by hand: ${reason}`,
    };
  }
  return { ...record, arms };
}
