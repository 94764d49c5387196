import type { ArmResult, ArmSummary, Example, Floor, QuestionRecord, Results } from "../contracts/index.ts";
import { checkInput } from "./check-input.ts";
import { comparePairs } from "./compare.ts";
import type { ScoreRow } from "./compare.ts";
import { measureBreakEven } from "./cost.ts";
import { buildFloors } from "./floors/floors.ts";
import type { FloorAnswers } from "./floors/floors.ts";
import { collectPassages, gradeQuestion } from "./grade.ts";
import type { EvaluationInput, FinishedArm } from "./input.ts";
import { detectTask } from "./metrics/task.ts";
import { recommend } from "./recommendation.ts";
import { createResampler } from "./statistics/bootstrap.ts";
import type { Resampler } from "./statistics/bootstrap.ts";
import { summariseArm, summariseByType, summariseScores } from "./summarise.ts";

/**
 * Scores every arm on the same questions and says which one to use.
 * Pure: the same input, in whatever order of arms and questions, gives the same verdict.
 * Throws LORAG_EVALUATION_INPUT for no or repeated questions and arms or a missing answer, LORAG_NOT_A_NUMBER for a NaN.
 */
export function evaluate(input: EvaluationInput): Results {
  checkInput(input);
  const { run, prices } = input;
  const task = detectTask(input.questions, input.trainExamples);
  // One fixed order, whatever the caller's: resampling draws questions by place.
  const questions = input.questions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const resample = createResampler(run.seed);
  const finished = input.arms.filter((arm) => arm.status === "ok");
  const floors = buildFloors(input.trainExamples, input.bm25Hits, task);
  const records = new Map(
    questions.map((question) => [question.id, gradeQuestion(question, finished, floors, task)]),
  );
  const passages = collectPassages(finished);

  const arms = input.arms.map((arm): ArmSummary => {
    if (arm.status === "failed") return { name: arm.name, status: "failed", error: arm.error };
    const answers = questions.map((question) => ({
      question,
      record: records.get(question.id)!.arms[arm.name]!,
    }));
    const context = {
      resample,
      task,
      prices,
      device: run.machine.device,
      documents: new Map(Object.entries(passages).map(([id, passage]) => [id, passage.documentId])),
    };
    return summariseArm(
      arm.name,
      answers,
      { machineTime: arm.machineTime, training: arm.training ?? null },
      context,
    );
  });
  const floorSummaries = floors.map((floor) => summariseFloor(floor, questions, records, resample));
  const tests = (["correct", "f1Normalised"] as const).flatMap((metric) =>
    comparePairs(metric, scoreRows(metric, finished, floors, questions, records), resample),
  );
  const results = arms.filter((arm): arm is ArmResult => arm.status === "ok");
  return {
    schema: 1,
    run,
    prices,
    task: task.kind,
    primary: task.primary,
    verdict: recommend({ arms, floors: floorSummaries, tests, task, prices }),
    arms,
    floors: floorSummaries,
    tests,
    breakEven: measureBreakEven(results, task.primary),
    questions: input.questions.map((question) => records.get(question.id)!),
    passages,
  };
}

function summariseFloor(
  { name, description }: FloorAnswers,
  questions: readonly Example[],
  records: ReadonlyMap<string, QuestionRecord>,
  resample: Resampler,
): Floor {
  const answers = questions.map((question) => ({
    question,
    record: records.get(question.id)!.floors[name]!,
  }));
  const scores = answers.map(({ record }) => record.scores);
  return {
    name,
    description,
    metrics: summariseScores(scores, resample),
    byType: summariseByType(answers, resample),
  };
}

function scoreRows(
  metric: "correct" | "f1Normalised",
  arms: readonly FinishedArm[],
  floors: readonly FloorAnswers[],
  questions: readonly Example[],
  records: ReadonlyMap<string, QuestionRecord>,
): ScoreRow[] {
  const inOrder = questions.map((question) => records.get(question.id)!);
  return [
    ...arms.map(({ name }) => ({
      name,
      against: "arm" as const,
      scores: inOrder.map((record) => record.arms[name]!.scores[metric]),
    })),
    ...floors.map(({ name }) => ({
      name,
      against: "floor" as const,
      scores: inOrder.map((record) => record.floors[name]!.scores[metric]),
    })),
  ];
}
