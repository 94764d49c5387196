import { LoragError, type Answer } from "../../contracts/index.ts";
import type { Context } from "../context.ts";
import { failureAsValue } from "../failure-as-value.ts";
import { answerQuestions, type Asking } from "./answer-questions.ts";

/** Questions that are enough to show whether an endpoint repeats itself. */
const enough = 20;

/**
 * Asks an arm up to 20 of its questions a second time, and warns of those that it answers otherwise than the `first`
 * time. The second answers are kept as the first are, so that they are paid for once and count towards the budget.
 */
export async function checkRepeatability(
  context: Context,
  asking: Asking,
  first: Record<string, Answer>,
): Promise<void> {
  const { name, label } = asking;
  const questions = asking.questions.slice(0, enough);
  const again = await failureAsValue(context.signal, () =>
    answerQuestions(context, { ...asking, name: `${name}@again`, label: `${label} again`, questions }),
  );
  if (again instanceof LoragError) {
    context.warn({
      code: "LORAG_NOT_REPEATED",
      message: `Whether ${label} answers the same a second time could not be seen: ${again.message}`,
    });
    return;
  }
  const differing = questions.filter(({ id }) => again.answers[id]?.text !== first[id]?.text).length;
  if (differing === 0) return;
  context.warn({
    code: "LORAG_NOT_REPEATABLE",
    message:
      `${differing} of ${questions.length} questions were answered differently a second time by ${label}, ` +
      "though at temperature 0: another comparison may come out otherwise.",
  });
}
