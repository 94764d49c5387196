import { LoragError } from "../contracts/index.ts";
import type { EvaluationInput, FinishedArm } from "./input.ts";

/** Throws on anything that would make figures wrong or silently partial: repeats, gaps, and numbers that are none. */
export function checkInput({ questions, arms }: EvaluationInput): void {
  if (questions.length === 0)
    throw wrongInput("There are no held-out questions.", "Add examples to test on.");
  if (arms.length === 0) throw wrongInput("There are no arms to compare.", "Name at least one under `arms`.");
  checkUnique(
    "question",
    questions.map((question) => question.id),
  );
  checkUnique(
    "arm",
    arms.map((arm) => arm.name),
  );
  for (const arm of arms) {
    if (arm.status === "failed") continue;
    const others = [...(arm.retrained ?? []), ...(arm.smaller ?? [])];
    for (const { id } of questions) {
      const answer = others.every(({ answers }) => answers[id] !== undefined) ? arm.answers[id] : undefined;
      if (answer === undefined)
        throw wrongInput(
          `Arm ${arm.name} has no answer to question ${id}.`,
          "Run the arm again, or report it as failed.",
        );
      const { promptTokens, completionTokens, cachedTokens, thinkingTokens = 0 } = answer.usage;
      checkNumbers(`arm ${arm.name}, question ${id}`, {
        latencyMs: answer.latencyMs,
        firstTokenMs: answer.firstTokenMs,
        promptTokens,
        completionTokens,
        cachedTokens,
        thinkingTokens,
        ...Object.fromEntries(answer.hits.map((hit, place) => [`score of hit ${place + 1}`, hit.score])),
      });
    }
    checkNumbers(`arm ${arm.name}`, {
      "seconds per answer": arm.machineTime?.secondsPerAnswer ?? 0,
      ...trainingNumbers(arm.training),
    });
  }
}

function trainingNumbers(training: FinishedArm["training"]) {
  if (training === undefined) return {};
  const losses = training.losses.flatMap(({ step, train, validation }) => [
    [`training loss at step ${step}`, train ?? 0],
    [`validation loss at step ${step}`, validation ?? 0],
  ]);
  return {
    "training seconds": training.seconds,
    "retention loss before": training.retention?.before ?? 0,
    "retention loss after": training.retention?.after ?? 0,
    ...(Object.fromEntries(losses) as Record<string, number>),
  };
}

/** A NaN or an infinity is a fault upstream; averaging it away would hide that. */
function checkNumbers(where: string, values: Record<string, number>): void {
  for (const [metric, value] of Object.entries(values)) {
    if (Number.isFinite(value)) continue;
    throw new LoragError({
      code: "LORAG_NOT_A_NUMBER",
      kind: "internal",
      message: `${metric} is ${value} (${where}).`,
      next: "Nothing was averaged. Report this with the arm's settings.",
    });
  }
}

function checkUnique(what: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw wrongInput(`The ${what} ${repeated} occurs twice.`, `Give each ${what} a name of its own.`);
}

function wrongInput(message: string, next: string): LoragError {
  return new LoragError({ code: "LORAG_EVALUATION_INPUT", kind: "data", message, next });
}
