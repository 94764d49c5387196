import type { Answer, Example } from "../../contracts/index.ts";
import { abstains } from "../grade.ts";
import { buildFloors } from "../floors/floors.ts";
import { howGraded } from "../grading/how-graded.ts";
import { goldsOf } from "../grading/grading-of.ts";
import { gradeAnswer } from "../grading/grade-answer.ts";
import type { EvaluationInput } from "../input.ts";
import { detectTask } from "../metrics/task.ts";

/** What there is before judges were asked. */
export type Answered = Omit<EvaluationInput, "run" | "verdicts" | "judges">;

/** An answer that a judge has to grade. */
export interface JudgedAnswer {
  /** The arm that gave it, or `floor.` and a floor. */
  contender: string;
  model: string;
  question: Example;
  text: string;
}

/** The answers that `grading: judge` leaves to a model, floors' and those of all trainings included. */
export function listJudged(input: Answered): JudgedAnswer[] {
  const task = detectTask(input.questions, input.trainExamples, input.grading);
  const judged = input.questions.flatMap((question) => {
    const { mode, grading } = howGraded(question, task);
    return mode === "judge" ? [{ question, model: grading.model! }] : [];
  });
  if (judged.length === 0) return [];
  const given = (contender: string, answerTo: (question: Example) => Pick<Answer, "text" | "abstained">) =>
    judged.flatMap(({ question, model }): JudgedAnswer[] => {
      const answer = answerTo(question);
      const { text } = answer;
      // What declines, or says nothing, is graded without a judge.
      return text.trim() === "" || abstains(answer, question) ? [] : [{ contender, model, question, text }];
    });
  return [
    ...input.arms.flatMap((arm) =>
      arm.status === "failed"
        ? []
        : [arm, ...(arm.retrained ?? []), ...(arm.smaller ?? [])].flatMap(({ answers }) =>
            given(arm.name, ({ id }) => answers[id]!),
          ),
    ),
    ...buildFloors(input.trainExamples, input.bm25Hits, task).flatMap(({ name, answer }) =>
      given(`floor.${name}`, answer),
    ),
  ];
}

/** The models that grade answers. */
export function judgesOf(input: Pick<Answered, "questions" | "trainExamples" | "grading">): string[] {
  const task = detectTask(input.questions, input.trainExamples, input.grading);
  const asked = input.questions.map((question) => howGraded(question, task));
  return [...new Set(asked.flatMap(({ mode, grading }) => (mode === "judge" ? grading.model! : [])))];
}

/** A gold whose grade is known beforehand. */
export interface KnownGrade {
  model: string;
  question: Example;
  text: string;
  right: boolean;
}

/** Golds that are enough to see whether a judge can be relied on. */
const enough = 20;

/** Up to 20 golds a judge: half as answers to their own questions, half to others', where texts tell them apart as well. */
export function knownGrades(input: Answered): KnownGrade[] {
  const task = detectTask(input.questions, input.trainExamples, input.grading);
  const asked = input.questions.map((question) => ({ question, how: howGraded(question, task) }));
  return judgesOf(input).flatMap((model) => {
    const own = asked.flatMap(({ question, how }) =>
      how.mode === "judge" && how.grading.model === model ? [question] : [],
    );
    return own.slice(0, enough).flatMap((question, index): KnownGrade[] => {
      if (index % 2 === 0) return [{ model, question, text: question.completion, right: true }];
      const other = [...own.slice(index + 1), ...own].find(
        ({ completion }) => !gradeAnswer(completion, goldsOf(question)).right,
      );
      return other === undefined ? [] : [{ model, question, text: other.completion, right: false }];
    });
  });
}
