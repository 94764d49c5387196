import type {
  ArmResult,
  ArmSummary,
  Example,
  Floor,
  PairwiseTest,
  QuestionRecord,
  Results,
} from "../contracts/index.ts";
import { checkInput } from "./check-input.ts";
import { findBaselines, modelOf } from "./baselines.ts";
import { measureBreakEven } from "./cost.ts";
import { testFamilies } from "./families.ts";
import type { Contestant } from "./families.ts";
import { buildFloors } from "./floors/floors.ts";
import type { FloorAnswers } from "./floors/floors.ts";
import { collectPassages, gradeQuestion } from "./grade.ts";
import type { EvaluationInput, FinishedArm } from "./input.ts";
import { drawLearningCurve, findCurveTarget } from "./learning-curve.ts";
import { detectTask } from "./metrics/task.ts";
import { overrideGrades } from "./override-grades.ts";
import { rankArms } from "./rank.ts";
import { recommend } from "./verdict/recommendation.ts";
import { measureSelection } from "./selection.ts";
import { overTrainings } from "./statistics/trainings.ts";
import { summariseArm, summariseByType, summariseScores } from "./summarise.ts";
import { tabulate } from "./tabulate.ts";

/**
 * Scores every arm on the same questions and says which one to use.
 * Pure: the same input, in whatever order of arms and questions, gives the same verdict.
 * Throws LORAG_EVALUATION_INPUT for no or repeated questions and arms or a missing answer, LORAG_NOT_A_NUMBER for a NaN.
 */
export function evaluate(input: EvaluationInput): Results {
  checkInput(input);
  const { run, prices, judges = [] } = input;
  const task = {
    ...detectTask(input.questions, input.trainExamples, input.grading),
    verdicts: input.verdicts,
  };
  // One fixed order, whatever the caller's: the drawing of signs and questions is by place.
  const questions = input.questions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const finished = input.arms.filter((arm) => arm.status === "ok");
  const floors = buildFloors(input.trainExamples, input.bm25Hits, task);
  const records = new Map(
    questions.map((question) => [
      question.id,
      overrideGrades(gradeQuestion(question, finished, floors, task), input.overrides),
    ]),
  );
  const passages = collectPassages(finished);
  const baselines = findBaselines(input);
  const context = {
    task,
    run,
    prices,
    documents: new Map(Object.entries(passages).map(([id, passage]) => [id, passage.documentId])),
  };
  const summaries = input.arms.map((arm): ArmSummary => {
    const model = modelOf(arm, input);
    if (arm.status === "failed") return { name: arm.name, model, status: "failed", error: arm.error };
    const answers = questions.map((question) => ({
      question,
      record: records.get(question.id)!.arms[arm.name]!,
    }));
    return {
      ...summariseArm(arm, answers, context),
      model,
      baseline: baselines.get(arm.name) ?? null,
      curve: null,
    };
  });
  const floorSummaries = floors.map((floor) => summariseFloor(floor, questions, records));
  const summarised = summaries.filter((arm): arm is ArmResult => arm.status === "ok");
  const scoresOf = (name: string) => {
    const graded = questions.map(({ id }) => records.get(id)!.arms[name]!);
    return overTrainings(tabulate(graded, task.primary));
  };
  const target = findCurveTarget(summarised, task.primary, scoresOf);
  const arms = summaries.map((summary): ArmSummary => {
    const arm = finished.find(({ name }) => name === summary.name);
    if (summary.status === "failed" || arm === undefined) return summary;
    return { ...summary, curve: drawLearningCurve(arm, scoresOf(arm.name), { questions, task, target }) };
  });
  const results = arms.filter((arm): arm is ArmResult => arm.status === "ok");
  const contestants = (metric: PairwiseTest["metric"]) =>
    listContestants(metric, finished, floors, questions, records);
  const tests = (["correct", "f1Normalised"] as const).flatMap((metric) =>
    testFamilies({
      metric,
      ...contestants(metric),
      baselines,
      best: rankArms(results, metric)[0]?.name,
      seed: run.seed,
    }),
  );
  const selection = measureSelection(contestants(task.primary).arms, run.seed);
  return {
    schema: 2,
    run,
    prices,
    task: task.kind,
    primary: task.primary,
    grading: task.grading.mode,
    judges,
    verdict: recommend({ arms, floors: floorSummaries, tests, task, prices, selection, judges }),
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
): Floor {
  const answers = questions.map((question) => ({
    question,
    record: records.get(question.id)!.floors[name]!,
  }));
  return { name, description, metrics: summariseScores(answers), byType: summariseByType(answers) };
}

function listContestants(
  metric: PairwiseTest["metric"],
  arms: readonly FinishedArm[],
  floors: readonly FloorAnswers[],
  questions: readonly Example[],
  records: ReadonlyMap<string, QuestionRecord>,
): { arms: Contestant[]; floors: Contestant[] } {
  const inOrder = questions.map((question) => records.get(question.id)!);
  return {
    arms: arms.map(({ name }) => ({
      name,
      scores: tabulate(
        inOrder.map((record) => record.arms[name]!),
        metric,
      ),
    })),
    floors: floors.map(({ name }) => ({
      name,
      scores: tabulate(
        inOrder.map((record) => record.floors[name]!),
        metric,
      ),
    })),
  };
}
