import type { Answer, Example, Hit, PlainError, Prices, Run, TrainingRecord } from "../contracts/index.ts";

/** How one arm's run over the held-out questions ended. */
export type ArmOutcome =
  | {
      name: string;
      status: "ok";
      /** By question id; one for every question. */
      answers: Record<string, Answer>;
      /** Machine time of an answer, as measured on `n` of them. Answers of one batch share it, so it is less than
       * their latency. Absent, the mean latency of all stands in. */
      machineTime?: { secondsPerAnswer: number; n: number };
      /** Ids of the questions that were asked one at a time: latency is theirs. Absent, it is that of all. */
      alone?: string[];
      training?: TrainingRecord;
    }
  | { name: string; status: "failed"; error: PlainError };

export type FinishedArm = Extract<ArmOutcome, { status: "ok" }>;

export interface EvaluationInput {
  run: Run;
  prices: Prices;
  /** The held-out questions. */
  questions: Example[];
  arms: ArmOutcome[];
  /** The examples arms were trained on: for the floors, and to see whether the completions are labels. */
  trainExamples: Example[];
  /** What BM25 alone finds, by question id, best first: for the passage floor. Absent where there is no index. */
  bm25Hits?: Record<string, Hit[]>;
}
