import type { ArmResult, JudgeSummary, Results } from "../contracts/index.ts";
import { counted, duration, list, money, withInterval } from "../text/index.ts";
import { markCode } from "./mark-code.ts";
import { fold } from "./fold.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

export function writeMethod(results: Results): Markup {
  const { run, task, floors } = results;
  const trained = results.arms.filter(
    (arm): arm is ArmResult => arm.status === "ok" && arm.training !== null,
  );
  const training = trained.map(
    (arm) =>
      `${arm.name}: ${arm.training!.steps} steps on ${arm.training!.examples} examples in ${duration(arm.training!.seconds)}`,
  );
  const lines = [
    `Every arm answered the same ${run.split.test} questions, which no arm was trained on (${run.split.train} training and ${run.split.validation} validation examples); arms that retrieve share one retriever. Held-out set ${run.split.hash.slice(0, 12)}, seed ${run.seed}.`,
    `Golds are ${task}. ${definitions[results.grading] ?? byTask[task]}`,
    ...results.judges.map((judge) => describeJudge(judge, results)),
    "Abstaining is right on an unanswerable question and wrong on any other. A short answer is the first sentence without lead-in, citations and section references, taken from gold and answer alike.",
    `Intervals are at 95%: Wilson's for rates, the same at the effective number of questions for graded scores and differences. ${describeLuck(trained)}`,
    "Each arm is tested against its baseline, the best against each other one, and each against the best floor. Holm's correction is made in each of these families; as the best arm was picked by the same questions, its tests count for every pair that could have been picked.",
    ...floors.map(({ name, description }) => `Floor ${name}. ${description}.`),
    ...(training.length > 0 ? [`Training: ${list(training)}.`] : []),
    `lorag ${run.lorag} on ${run.machine.cpu}, ${run.machine.platform}, Node ${run.machine.node}; ${run.models.base}${run.models.embedder === null ? "" : ` with ${run.models.embedder}`}.`,
  ];
  return fold(
    "method",
    "How this was measured",
    markup`<ul class="notes">
      ${lines.map((line) => markup`<li>${markCode(line)}</li>`)}
    </ul>
    ${
      (run.warnings ?? []).length === 0
        ? null
        : markup`<h3>Warnings of the run</h3>
            <ul class="notes">${run.warnings!.map((warning) => markup`<li>${markCode(warning)}</li>`)}</ul>`
    }`,
    "closed",
  );
}

/** What is right where the project says how answers are graded. */
const definitions: Partial<Record<Results["grading"], string>> = {
  exact: "An answer is right if it is the gold, letter by letter.",
  label: "An answer is right if its short answer is the gold label, or opens with it.",
  number: "An answer is right if it has the gold's figure, units converted.",
  contains: "An answer is right if it has the gold in it.",
  f1: "An answer is right if it shares enough words with the gold (token F1).",
  judge: "A model says which answers are right.",
};

function describeJudge({ model, answers, agreement, cost }: JudgeSummary, { prices }: Results): string {
  const known =
    agreement === null
      ? "How far it can be relied on is not known: there are too few golds to tell."
      : `Of ${agreement.n} golds whose grade is known (half of them shown with the question of another), it was right about ${withInterval(agreement)}.`;
  return `Judge ${model} graded ${counted(answers, "answer")}, for ${money(cost, prices.currency)}. ${known}`;
}

const byTask: Record<Results["task"], string> = {
  classification: "An answer is right if its short answer is the gold label, or opens with it.",
  "short answers":
    "An answer is right if its first two sentences (at most 40 words) hold every figure and three quarters of the content words of the gold's short answer.",
  "long answers":
    "Answers are graded by token F1 between short answers, because long golds have no single right wording.",
};

function describeLuck(trained: readonly ArmResult[]): string {
  const trainings = Math.max(0, ...trained.map((arm) => arm.trainings.length));
  if (trainings === 0) return "They count the luck of the questions.";
  return trainings === 1
    ? "They count the luck of the questions, not that of a training run, of which each tuned arm had one."
    : `They count the luck of the questions, and that of training, of which tuned arms had ${trainings}.`;
}
