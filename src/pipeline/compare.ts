import { join } from "node:path";
import { isTunedArm, retrieves, type TunedArm } from "../arms/index.ts";
import { LoragError, type ArmName, type Hit, type Results } from "../contracts/index.ts";
import { checkGrading, evaluate, type ArmOutcome } from "../evaluation/index.ts";
import { exists, writeFileAtomic } from "../platform/index.ts";
import { renderHtml, renderMarkdown, renderTable } from "../report/index.ts";
import { answerQuestions } from "./steps/answer-questions.ts";
import { checkDocuments } from "./steps/check-documents.ts";
import { fingerprintArm, openArm, type ArmPlan } from "./steps/open-arm.ts";
import type { Parts } from "./parts.ts";
import { collectWarnings, type Context } from "./context.ts";
import type { Project } from "./config/read-project.ts";
import { describeRun } from "./describe-run.ts";
import { withTimeLeft } from "./estimate.ts";
import { expectStages } from "./expect-stages.ts";
import { failureAsValue } from "./failure-as-value.ts";
import { rememberFinished } from "./finished-stages.ts";
import { indexDocuments, type IndexOutcome } from "./steps/index-documents.ts";
import { prepare, requireHeldOut, type Prepared } from "./steps/prepare.ts";
import { runProject } from "./run-project.ts";
import { trainAdapter, type TrainedAdapter } from "./steps/train-adapter.ts";
import { buildTrainingExamples } from "./steps/training-examples.ts";

export interface Comparison {
  results: Results;
  /** The terminal's table and verdict. */
  table: string;
  /** Absolute paths. */
  files: { results: string; html: string; markdown: string };
}

/**
 * The whole comparison: index, prepare, train what is missing, ask every arm the held-out questions, evaluate, and
 * write the reports. An arm that fails is shown as failed; when all fail, the first failure is thrown.
 */
export function compare(context: Context, view: { width: number; color: boolean }): Promise<Comparison> {
  const { warn, warnings } = collectWarnings();
  const heard: Context = {
    ...context,
    warn: (warning) => {
      warn(warning);
      context.warn(warning);
    },
  };
  return runProject(heard, async (parts) => {
    await parts.checkBaseModel();
    if (await isIndexed(heard.project)) await parts.checkEmbeddingModel();
    const examples = await prepare(heard, heard.project.config.arms.some(isTunedArm));
    requireHeldOut(heard.project, examples);
    checkGrading(examples.test, heard.project.config.grading);
    const stages = await expectStages(heard.project, examples);
    // Where all is done already, its answers are used again and no model is needed.
    if (!stages.every(({ isDone }) => isDone)) await parts.fetchBaseModel();
    const timed = { ...heard, onProgress: withTimeLeft(stages, context.onProgress) };
    const indexed = await indexIfThereAre(timed, parts);
    const prepared = indexed ? checkDocuments(heard.warn, examples, indexed) : examples;
    const adapters = await trainAll(timed, parts, prepared, indexed);
    await rememberFinished(heard.project, stages, listTrained(adapters));
    const outcomes = await runAll(timed, parts, prepared, indexed, adapters);
    await rememberFinished(heard.project, stages, listAnswered(outcomes));
    const results = evaluate({
      run: describeRun(context.project, prepared, indexed !== undefined, warnings),
      prices: context.project.config.prices,
      grading: context.project.config.grading,
      questions: prepared.test,
      arms: outcomes,
      trainExamples: prepared.train,
      ...(indexed && { bm25Hits: await findByWords(parts, prepared) }),
    });
    const files = await writeReports(context.project.output, results);
    return { results, table: renderTable(results, view), files };
  });
}

/** A comparison of arms that show no passages, of labels for example, needs no documents. */
const isIndexed = async ({ config, documents }: Project): Promise<boolean> =>
  config.arms.some(retrieves) || (await exists(documents));

async function indexIfThereAre(context: Context, parts: Parts): Promise<IndexOutcome | undefined> {
  const { project, warn } = context;
  if (await isIndexed(project)) return indexDocuments(context, parts);
  warn({
    code: "LORAG_NO_FOLDER",
    message: `There is no folder ${project.documents}. No arm needs it; the floor bm25-passage is left out.`,
  });
  return undefined;
}

/** The steps up to the answers that are finished. */
function listTrained(adapters: Trained): string[] {
  const trained = [...adapters].filter(([, adapter]) => !(adapter instanceof LoragError));
  return ["Reading documents", "Indexing passages", "Finding passages"].concat(
    trained.map(([arm]) => `Training ${arm}`),
  );
}

function listAnswered(outcomes: ArmOutcome[]): string[] {
  return outcomes.filter(({ status }) => status === "ok").map(({ name }) => `Answering with ${name}`);
}

/** What training an arm came to. */
type Trained = Map<TunedArm, TrainedAdapter | LoragError>;

async function trainAll(
  context: Context,
  parts: Parts,
  prepared: Prepared,
  indexed: IndexOutcome | undefined,
): Promise<Trained> {
  const trained: Trained = new Map();
  for (const arm of context.project.config.arms.filter(isTunedArm)) {
    const adapter = await failureAsValue(context.signal, async () => {
      const examples = await buildTrainingExamples(context, parts, arm, prepared, indexed);
      return trainAdapter(context, parts, arm, examples);
    });
    trained.set(arm, adapter);
  }
  return trained;
}

async function runAll(
  context: Context,
  parts: Parts,
  prepared: Prepared,
  indexed: IndexOutcome | undefined,
  trained: Trained,
): Promise<ArmOutcome[]> {
  const outcomes: ArmOutcome[] = [];
  const failures: LoragError[] = [];
  for (const name of context.project.config.arms) {
    const adapter = isTunedArm(name) ? trained.get(name) : undefined;
    const outcome =
      adapter instanceof LoragError
        ? adapter
        : await failureAsValue(context.signal, () =>
            runArm(context, parts, prepared, indexed, name, adapter),
          );
    if (outcome instanceof LoragError) failures.push(outcome);
    outcomes.push(
      outcome instanceof LoragError ? { name, status: "failed", error: outcome.toPlain() } : outcome,
    );
  }
  if (failures.length === outcomes.length) throw failures[0]!;
  return outcomes;
}

async function runArm(
  context: Context,
  parts: Parts,
  prepared: Prepared,
  indexed: IndexOutcome | undefined,
  name: ArmName,
  adapter: TrainedAdapter | undefined,
): Promise<ArmOutcome> {
  const plan: ArmPlan = {
    name,
    baseModel: await parts.baseModelIdentity(),
    ...(indexed && { index: indexed.fingerprint }),
    ...(adapter && { adapter }),
  };
  const answered = await answerQuestions(context, {
    name,
    open: () => openArm(context.project, parts, plan),
    questions: prepared.test,
    fingerprint: fingerprintArm(context.project, plan),
  });
  return { name, status: "ok", ...answered, ...(adapter && { training: adapter.record }) };
}

/** For the floor: what a plain search for words finds. */
async function findByWords(parts: Parts, prepared: Prepared): Promise<Record<string, Hit[]>> {
  const found: Record<string, Hit[]> = {};
  for (const { id, prompt } of prepared.test) {
    found[id] = await parts.retrieveByWords(prompt.at(-1)?.content ?? "", 1);
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
