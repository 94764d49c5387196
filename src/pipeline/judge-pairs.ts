import type { Estimate, Example, JudgeVerdict } from "../contracts/index.ts";
import { agreementOf, knownGrades } from "../evaluation/index.ts";
import type { Context } from "./context.ts";
import { runProject } from "./run-project.ts";
import { askJudge, checkJudges } from "./steps/judge-answers.ts";

export interface JudgedPairs {
  /** One for each pair. */
  verdicts: JudgeVerdict[];
  /** Of the judge with golds whose grade is known: up to 20 of the pairs' own. */
  agreement: Estimate | null;
}

/**
 * Has answers graded by a model of the project, and the model itself by the golds, as a comparison does. Verdicts are kept
 * in the project: the same pairs are paid for once. An empty answer is not shown to it.
 */
export function judgePairs(
  context: Context,
  model: string,
  pairs: readonly { question: Example; text: string }[],
): Promise<JudgedPairs> {
  return runProject(context, async (parts) => {
    await checkJudges(context, parts, [model]);
    const questions = pairs.map(({ question }) => question);
    const known = knownGrades({
      prices: context.project.config.prices,
      grading: { mode: "judge", model },
      questions,
      trainExamples: [],
      arms: [],
    });
    const asked = pairs.filter(({ text }) => text.trim() !== "");
    const { verdictOn } = await askJudge(context, parts, { model, contender: "given.pairs", answers: asked });
    const golds = await askJudge(context, parts, { model, contender: "given.golds", answers: known });
    return {
      verdicts: pairs.map(({ question, text }) =>
        text.trim() === "" ? { right: false, why: "The answer is empty." } : verdictOn(question, text),
      ),
      agreement: agreementOf(
        known.map(({ question, text, right }) => ({ right, said: golds.verdictOn(question, text) })),
      ),
    };
  });
}
