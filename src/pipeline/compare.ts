import { join } from "node:path";
import { usesModel } from "../arms/index.ts";
import { LoragError, type Answer, type ArmSpec, type Hit, type Results } from "../contracts/index.ts";
import { checkGrading, evaluate, judgesOf, type ArmOutcome, type Retrained } from "../evaluation/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import { renderHtml, renderMarkdown, renderTable } from "../report/index.ts";
import { adapterOf, answersName, variantLabel, variantsOf, type Variant } from "./adapter-spec.ts";
import { collectWarnings, type Context } from "./context.ts";
import { describeRun } from "./describe-run.ts";
import { withTimeLeft } from "./estimate.ts";
import { expectStages } from "./expect-stages.ts";
import { failureAsValue } from "./failure-as-value.ts";
import { rememberFinished } from "./finished-stages.ts";
import { indexOf } from "./index-spec.ts";
import { beginRun, checkModels, indexFor, modelsOf, trainAll, type Run, type Trained } from "./run.ts";
import { runProject } from "./run-project.ts";
import { useOverrides } from "./verdict/grade-overrides.ts";
import { stageIds } from "./stage.ts";
import { answerQuestions, tellFaults, type Asking } from "./steps/answer-questions.ts";
import { answerInputs, openArm } from "./steps/open-arm.ts";
import { checkJudges, judgeAnswers } from "./steps/judge-answers.ts";
import { fingerprint } from "./steps/record.ts";
import { prepare, requireHeldOut } from "./steps/prepare.ts";
import { checkRepeatability } from "./steps/repeatability.ts";
import type { IndexOutcomes } from "./steps/update-indexes.ts";

export interface Comparison {
  results: Results;
  /** The terminal's table and verdict. */
  table: string;
  /** Absolute paths. */
  files: { results: string; html: string; markdown: string };
}

export interface CompareOptions {
  /** Tuned arms are trained on an eighth, a quarter and half of the examples, too. */
  curve?: boolean;
}

/**
 * The whole comparison: index, prepare, train what is missing, ask every arm the held-out questions, evaluate, and
 * write the reports. An arm that fails is shown as failed; when all fail, the first failure is thrown.
 */
export function compare(
  context: Context,
  view: { width: number; color: boolean },
  { curve = false }: CompareOptions = {},
): Promise<Comparison> {
  const { warn, warnings } = collectWarnings();
  const heard: Context = {
    ...context,
    warn: (warning) => {
      warn(warning);
      context.warn(warning);
    },
  };
  return runProject(heard, async (parts) => {
    const { project } = heard;
    const { arms } = project;
    const variants = variantsOf(project, { curve });
    await checkModels(parts, project, arms);
    const trains = arms.some(({ tuning }) => tuning !== undefined);
    const examples = await prepare(heard, trains);
    requireHeldOut(project, examples);
    const { grading } = project.config;
    checkGrading(examples.test, grading);
    const judges = judgesOf({ questions: examples.test, trainExamples: examples.train, grading });
    await checkJudges(heard, parts, judges);
    const stages = await expectStages(project, examples, variants);
    // Where all is done already, its answers are used again and no model is needed.
    if (!stages.every(({ isDone }) => isDone)) {
      for (const model of modelsOf(arms)) await parts.fetchModel(model);
    }
    const timed = { ...heard, onProgress: withTimeLeft(stages, context.onProgress) };
    const run = await beginRun(timed, parts, arms, variants, examples);
    const trained = await trainAll(run);
    await rememberFinished(project, stages, [...listIndexed(run.indexed), ...listTrained(trained)]);
    const outcomes = await answerAll(run, trained);
    await rememberFinished(project, stages, listAnswered(run, outcomes));
    const answered = {
      prices: project.config.prices,
      grading,
      questions: run.prepared.test,
      arms: outcomes,
      trainExamples: run.prepared.train,
      ...(run.indexed && { bm25Hits: await findByWords(run) }),
    };
    const judged = await judgeAnswers(timed, parts, answered);
    const overrides = await useOverrides(heard, run.prepared.test, outcomes);
    const results = evaluate({
      ...answered,
      overrides,
      ...judged,
      run: describeRun(project, run.prepared, run.indexed, warnings),
    });
    const files = await writeReports(project.output, results);
    return { results, table: renderTable(results, view), files };
  });
}

// The stages that are finished.

const listIndexed = (indexed: IndexOutcomes | undefined): string[] =>
  indexed ? [stageIds.reading, ...[...indexed.indexes.keys()].map(stageIds.indexing)] : [];

function listTrained(trained: Trained): string[] {
  const finished = [...trained].filter(([, adapter]) => !(adapter instanceof LoragError));
  return finished.flatMap(([key]) => [stageIds.finding(key), stageIds.training(key)]);
}

function listAnswered({ arms, variants }: Run, outcomes: ArmOutcome[]): string[] {
  const ok = new Set(outcomes.filter(({ status }) => status === "ok").map(({ name }) => name));
  return arms
    .filter(({ name }) => ok.has(name))
    .flatMap((arm) => [{}, ...variants].map((variant) => stageIds.answering(answersName(arm, variant))));
}

async function answerAll(run: Run, trained: Trained): Promise<ArmOutcome[]> {
  const outcomes: ArmOutcome[] = [];
  const failures: LoragError[] = [];
  for (const arm of run.arms) {
    const outcome = await failureAsValue(run.context.signal, () => answerWith(run, arm, trained));
    if (outcome instanceof LoragError) failures.push(outcome);
    outcomes.push(
      outcome instanceof LoragError
        ? { ...contenderOf(run, arm), status: "failed", error: outcome.toPlain() }
        : outcome,
    );
  }
  throwIfOverBudget(outcomes);
  if (failures.length === outcomes.length) throw failures[0]!;
  return outcomes;
}

/**
 * A comparison without the arms that a budget was too small for would look whole: once the others have answered, the run
 * stops, to go on from there.
 */
function throwIfOverBudget(outcomes: ArmOutcome[]): void {
  const over = outcomes.flatMap((arm) =>
    arm.status === "failed" && arm.error.code === "LORAG_BUDGET" ? [arm] : [],
  );
  if (over.length === 0) return;
  const { error } = over[0]!;
  throw new LoragError({
    ...error,
    message: `${over.map(({ name }) => name).join(", ")}: ${error.message}`,
  });
}

async function answerWith(run: Run, arm: ArmSpec, trained: Trained): Promise<ArmOutcome> {
  const answered = await answerAs(run, arm, trained, {});
  const retrained: Retrained[] = [];
  const smaller: { examples: number; answers: Record<string, Answer> }[] = [];
  for (const variant of arm.tuning ? run.variants : []) {
    const { answers, training } = await answerAs(run, arm, trained, variant);
    if (variant.seed !== undefined) retrained.push({ seed: variant.seed, answers, training: training! });
    else smaller.push({ examples: training!.examples, answers });
  }
  return {
    status: "ok",
    ...contenderOf(run, arm),
    ...answered,
    ...(retrained.length > 0 && { retrained }),
    ...(smaller.length > 0 && { smaller }),
  };
}

/** What is known of an arm before it has answered anything. */
function contenderOf({ context: { project } }: Run, arm: ArmSpec) {
  const model = project.modelName(arm.model);
  const entry = project.entryOf(model);
  const isPriced = typeof entry !== "string" && entry.input_mtok !== undefined;
  return {
    name: arm.name,
    ...(usesModel(arm) && { model }),
    ...(arm.baseline !== undefined && { baseline: arm.baseline }),
    ...(isPriced && { tokenPrices: { input_mtok: entry.input_mtok!, output_mtok: entry.output_mtok! } }),
  };
}

/** One training's answers to all questions. */
async function answerAs(run: Run, arm: ArmSpec, trained: Trained, variant: Variant) {
  const { context, parts, prepared } = run;
  const { project } = context;
  const spec = adapterOf(project, arm, variant);
  const adapter = spec && trained.get(spec.key);
  if (adapter instanceof LoragError) throw adapter;
  const inputs = answerInputs(project, arm, {
    model: await parts.modelIdentity(arm.model),
    index: indexFor(run, arm)?.fingerprint,
    adapter: adapter?.fingerprint,
    examples: prepared.train,
    ...(arm.glossary && { glossary: fingerprint((await parts.glossary()).entries) }),
  });
  const isEndpoint = usesModel(arm) && typeof project.entryOf(arm.model) !== "string";
  const asking: Asking = {
    name: answersName(arm, variant),
    label: variantLabel(arm, variant),
    open: () => openArm(project, parts, arm, () => Promise.resolve(prepared.train), spec),
    questions: prepared.test,
    inputs,
    paid: isEndpoint,
  };
  const answered = await answerQuestions(context, asking);
  tellFaults(context, asking.label, answered);
  if (isEndpoint) await checkRepeatability(context, asking, answered.answers);
  return { ...answered, ...(adapter?.record && { training: adapter.record }) };
}

/** For the floor: what a plain search for words finds. */
async function findByWords({ context, parts, prepared }: Run): Promise<Record<string, Hit[]>> {
  const retrieveByWords = parts.retrieve({
    index: indexOf(context.project),
    settings: { ...context.project.config.retrieval, mode: "bm25" },
  });
  const found: Record<string, Hit[]> = {};
  for (const { id, prompt } of prepared.test) {
    found[id] = await retrieveByWords(prompt.at(-1)?.content ?? "", 1);
  }
  return found;
}

async function writeReports(output: string, results: Results): Promise<Comparison["files"]> {
  const files = {
    results: join(output, "results.json"),
    html: join(output, "report.html"),
    markdown: join(output, "report.md"),
  };
  await writeFileAtomic(files.html, renderHtml(results));
  await writeFileAtomic(files.markdown, renderMarkdown(results));
  // Last: whoever reads results.json finds the reports of the same run beside it.
  await writeFileAtomic(files.results, `${JSON.stringify(results, null, 2)}\n`);
  return files;
}
