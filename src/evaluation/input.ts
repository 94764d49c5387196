import type {
  Answer,
  Example,
  GradeOverride,
  Grading,
  Hit,
  JudgeSummary,
  PlainError,
  Prices,
  Run,
  TrainingRecord,
} from "../contracts/index.ts";
import type { Verdicts } from "./metrics/task.ts";

/** What is known of a contender before it has answered anything. */
interface Contender {
  name: string;
  /** The model as people know it. Absent, it is the run's base model. */
  model?: string;
  /** The arm that it is tested against besides the best. Absent, it is the arm of the same model with nothing added, else
   * the first arm. */
  baseline?: string;
  /** What its tokens cost, a million at a time, in the run's currency. Absent, answers are charged as `prices` says. */
  tokenPrices?: { input_mtok: number; output_mtok: number };
}

/** How one arm's run over the held-out questions ended. */
export type ArmOutcome = Contender &
  (
    | {
        status: "ok";
        /** By question id; one for every question. */
        answers: Record<string, Answer>;
        /** Machine time of an answer, as measured on `n` of them. Answers of one batch share it, so it is less than
         * their latency. Absent, the mean latency of all stands in. `passed` is the seconds from each of the `n` answers to
         * the next, in the order in which they were finished: for the interval of the cost. */
        machineTime?: { secondsPerAnswer: number; n: number; passed?: number[] };
        /** Ids of the questions that were asked one at a time: latency is theirs. Absent, it is that of all. */
        alone?: string[];
        training?: TrainingRecord;
        /** The same arm trained again with other seeds than the run's, on all examples. */
        retrained?: Retrained[];
        /** The same arm trained on fewer of its examples, each set within the next larger one. */
        smaller?: { examples: number; answers: Record<string, Answer> }[];
      }
    | { status: "failed"; error: PlainError }
  );

/** What a training with another seed answers. `answers` and `training` of the arm itself are those of the run's seed. */
export interface Retrained {
  seed: number;
  answers: Record<string, Answer>;
  training: TrainingRecord;
}

export type FinishedArm = Extract<ArmOutcome, { status: "ok" }>;

export interface EvaluationInput {
  run: Run;
  prices: Prices;
  /** How answers are graded where a question does not say otherwise; `auto` if absent. */
  grading?: Grading;
  /** What judges said of the answers that `listJudged` lists, and how they did. */
  verdicts?: Verdicts;
  judges?: JudgeSummary[];
  /** The held-out questions. */
  questions: Example[];
  arms: ArmOutcome[];
  /** Grades that a person has set. */
  overrides?: GradeOverride[];
  /** The examples arms were trained on: for the floors, and to see whether the completions are labels. */
  trainExamples: Example[];
  /** What BM25 alone finds, by question id, best first: for the passage floor. Absent where there is no index. */
  bm25Hits?: Record<string, Hit[]>;
}
