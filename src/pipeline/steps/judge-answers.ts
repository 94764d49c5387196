import type { Answer, Arm, Example, JudgeSummary, JudgeVerdict } from "../../contracts/index.ts";
import {
  agreementOf,
  goldsOf,
  judgePrompt,
  knownGrades,
  listJudged,
  readVerdict,
  type Answered,
  type Verdicts,
} from "../../evaluation/index.ts";
import { counted } from "../../text/index.ts";
import type { Context } from "../context.ts";
import type { Parts } from "../parts.ts";
import { answerQuestions, type AnsweredQuestions } from "./answer-questions.ts";
import { fingerprint } from "./record.ts";

/** Room for a word and a sentence. */
const verdictTokens = 96;

/**
 * Has the answers that `grading: judge` leaves to a model graded by it, and the judge itself by golds whose grade is known.
 * Verdicts are kept as answers are, a file for each contender: what was judged once is not judged, or paid for, again.
 */
export async function judgeAnswers(
  context: Context,
  parts: Parts,
  input: Answered,
): Promise<{ verdicts: Verdicts; judges: JudgeSummary[] }> {
  const judged = listJudged(input);
  const known = knownGrades(input);
  const verdicts: Verdicts = {};
  const judges: JudgeSummary[] = [];
  for (const model of new Set([...judged, ...known].map((one) => one.model))) {
    const own = judged.filter((one) => one.model === model);
    const asked: AnsweredQuestions[] = [];
    let failed = 0;
    for (const contender of new Set(own.map((one) => one.contender))) {
      const answers = own.filter((one) => one.contender === contender);
      const said = await askJudge(context, parts, { model, contender, answers });
      asked.push(said);
      for (const { question, text } of answers) {
        const verdict = said.verdictOn(question, text);
        if (verdict.error) failed++;
        (verdicts[question.id] ??= {})[text] = verdict;
      }
    }
    const golds = known.filter((one) => one.model === model);
    const said = await askJudge(context, parts, { model, contender: "known.golds", answers: golds });
    asked.push(said);
    const agreement = agreementOf(
      golds.map(({ question, text, right }) => ({ right, said: said.verdictOn(question, text) })),
    );
    if (failed > 0) warnOfFailed(context, model, failed);
    judges.push({ model, answers: own.length, failed, agreement, ...costOf(context, asked) });
  }
  return { verdicts, judges };
}

interface Judging {
  model: string;
  /** Whose answers they are. */
  contender: string;
  answers: { question: Example; text: string }[];
}

/** What a judge said, by question and answer. */
interface Judged extends AnsweredQuestions {
  verdictOn: (question: Example, text: string) => JudgeVerdict;
}

/** Asks the judge about each answer, as an arm is asked questions. */
export async function askJudge(context: Context, parts: Parts, judging: Judging): Promise<Judged> {
  const said = await ask(context, parts, judging);
  return {
    ...said,
    verdictOn: (question, text) => readVerdict(said.answers[askedId(question, text)]!.text),
  };
}

async function ask(
  context: Context,
  parts: Parts,
  { model, contender, answers }: Judging,
): Promise<AnsweredQuestions> {
  if (answers.length === 0)
    return { answers: {}, alone: [], machineTime: { secondsPerAnswer: 0, n: 0, passed: [] }, faults: [] };
  const questions = new Map(
    answers.map(({ question, text }): [string, Example] => {
      const id = askedId(question, text);
      return [id, { id, prompt: judgePrompt(question.prompt, goldsOf(question), text), completion: "" }];
    }),
  );
  return answerQuestions(context, {
    name: `${contender}@judge-${fingerprint(model).slice(0, 8)}`,
    label: `${model}, which judges ${contender}`,
    open: () => openJudge(parts, model),
    questions: [...questions.values()],
    inputs: [await parts.modelIdentity(model), verdictTokens],
    untimed: true,
  });
}

const askedId = (question: Example, text: string): string =>
  `${question.id}:${fingerprint(text, goldsOf(question)).slice(0, 16)}`;

async function openJudge(parts: Parts, model: string): Promise<Arm> {
  const generator = await parts.generator(model);
  return {
    name: model,
    answer: async (messages, { signal } = {}): Promise<Answer> => {
      const { text, usage, cost, totalMs, firstTokenMs } = await generator.generate({
        messages,
        sampling: { maxTokens: verdictTokens },
        ...(signal && { signal }),
      });
      const timed = { latencyMs: totalMs, firstTokenMs };
      return {
        text,
        abstained: false,
        citations: [],
        hits: [],
        usage,
        ...timed,
        ...(cost !== undefined && { cost }),
      };
    },
  };
}

/** By the model's own prices per token, else by the machine's time. */
function costOf(
  { project }: Context,
  asked: readonly AnsweredQuestions[],
): Pick<JudgeSummary, "cost" | "promptTokens" | "completionTokens"> {
  const answers = asked.flatMap((one) => Object.values(one.answers));
  const sum = (figure: (answer: Answer) => number): number =>
    answers.reduce((total, answer) => total + figure(answer), 0);
  const isPriced = answers.some(({ cost }) => cost !== undefined);
  const seconds = asked.reduce(
    (total, { answers: own, machineTime }) => total + machineTime.secondsPerAnswer * Object.keys(own).length,
    0,
  );
  return {
    cost: isPriced ? sum(({ cost = 0 }) => cost) : (seconds / 3600) * project.config.prices.cpu_hour,
    promptTokens: sum(({ usage }) => usage.promptTokens),
    completionTokens: sum(({ usage }) => usage.completionTokens),
  };
}

function warnOfFailed({ warn }: Context, model: string, failed: number): void {
  warn({
    code: "LORAG_JUDGE_VERDICT",
    message: `${counted(failed, "answer")} ${failed === 1 ? "was" : "were"} called neither right nor wrong by the judge ${model}, and ${failed === 1 ? "counts" : "count"} as wrong.`,
  });
}

/** Throws what is wrong with a judge before anything is paid for answers. */
export async function checkJudges(
  { project }: Context,
  parts: Parts,
  models: Iterable<string>,
): Promise<void> {
  for (const model of models) {
    await parts.checkModel(model);
    // An endpoint's key is looked for, and nothing is sent.
    if (typeof project.entryOf(model) !== "string") await parts.generator(model);
  }
}
