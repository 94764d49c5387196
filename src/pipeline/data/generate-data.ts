import { join, resolve } from "node:path";
import { LoragError, type ChatModel, type Example } from "../../contracts/index.ts";
import {
  buildRaftExamples,
  exampleLine,
  generateExamples,
  mostAttempts,
  promptFor,
  replyTokens,
  type Attempt,
  type Source,
} from "../../data/index.ts";
import {
  appendJsonLine,
  exists,
  makeFolder,
  parseJsonLines,
  readText,
  writeFileAtomic,
} from "../../platform/index.ts";
import type { Context } from "../context.ts";
import { indexOf } from "../index-spec.ts";
import { runProject } from "../run-project.ts";
import { prepare } from "../steps/prepare.ts";
import { fingerprint } from "../steps/record.ts";
import { renderRaft } from "../steps/training-examples.ts";
import { updateIndexes } from "../steps/update-indexes.ts";
import { styleOf } from "../style.ts";

export interface GenerateRequest {
  /** New questions about the documents, or the training questions in other words. */
  kind: "questions" | "paraphrases";
  count: number;
  out: string;
  /** Writes prompts with passages, as `raft` of lorag.yaml says, instead of plain questions. */
  raft: boolean;
  budget?: number | undefined;
  /** Told before anything is asked. */
  onPlan: (plan: GenerationPlan) => void;
}

export interface GenerationPlan {
  /** At most; as many as are wanted where every one holds. */
  questions: number;
  promptTokens: number;
  completionTokens: number;
  /** Null where `prices` has none per token: the time of this machine is what it costs. */
  cost: number | null;
  currency: string;
  /** Taken over from a run that was cut off. */
  done: number;
}

export interface Generated {
  file: string;
  kept: number;
  asked: number;
  /** Why the others were dropped, and how often. */
  dropped: Record<string, number>;
  tokens: number;
  cost: number | null;
}

/** Questions at a time. */
const concurrency = 8;
/** Prompts that the plan's tokens are reckoned from. */
const sampled = 5;

/**
 * Makes examples with the base model and keeps those that hold; a run that was cut off goes on where it was. Throws
 * LORAG_FILE_EXISTS, LORAG_BUDGET before anything is asked where it would cost more than the budget.
 */
export async function generateData(context: Context, request: GenerateRequest): Promise<Generated> {
  const { project, signal, onProgress } = context;
  const { config } = project;
  const out = resolve(request.out);
  if (await exists(out)) throw fileExists(out);
  return runProject(context, async (parts) => {
    const spec = indexOf(project);
    const indexed = (await updateIndexes(context, parts)).indexes.get(spec.key)!;
    const retrieve = parts.retrieve({ index: spec, settings: config.retrieval });
    const examples =
      request.kind === "paraphrases" || project.datasets.length > 0 ? await trainedOn(context) : [];
    const sources: Source[] =
      request.kind === "paraphrases"
        ? examples.map((example) => ({ example }))
        : [...indexed.chunksOf.values()].flat().map((passage) => ({ passage }));
    const model = await parts.generator();
    const key = fingerprint(
      request.kind,
      indexed.fingerprint,
      examples,
      model.identity,
      config.seed,
      config.retrieval.top_k,
    );
    const log = join(project.output, "generated", `${key.slice(0, 16)}.jsonl`);
    const before = await readAttempts(log);
    const plan = await planOf(model, sources, request, before.length, config.prices);
    request.onPlan(plan);
    if (request.budget !== undefined && (plan.cost ?? 0) > request.budget)
      throw overBudget(plan, request.budget);
    await makeFolder(join(project.output, "generated"));
    const attempts = await generateExamples(sources, {
      model,
      count: request.count,
      retrieve,
      topK: config.retrieval.top_k,
      supports: (answer, chunk, question) =>
        parts.cite(`${answer.replace(/[.\s]+$/, "")} [1].`, [{ chunk, score: 1, ranks: {} }], question)[0]
          ?.verdict === "supported",
      known: examples.map((example) => example.prompt.at(-1)!.content),
      seed: config.seed,
      concurrency,
      before,
      record: (attempt) => appendJsonLine(log, attempt),
      budget: request.budget,
      signal,
      onProgress: (done) =>
        onProgress({ step: "Making examples", done, total: request.count, unit: "examples" }),
    });
    const kept = attempts.flatMap(({ example }) => example ?? []).slice(0, request.count);
    const written = request.raft ? await withPassages(kept) : kept;
    await writeFileAtomic(out, written.map((example) => `${exampleLine(example)}\n`).join(""));
    return reportOf(out, kept.length, attempts);

    async function withPassages(made: Example[]): Promise<Example[]> {
      const style = styleOf(project);
      const { examples: built } = await buildRaftExamples(made, {
        retrieve,
        chunksOf: (ids) => Promise.resolve(ids.flatMap((id) => indexed.chunksOf.get(id) ?? [])),
        render: (example, passages, golden) => renderRaft(example, passages, golden, style, parts.cite),
        passages: config.raft.distractors + 1,
        goldenShare: config.raft.golden_share,
        tokensOf: await parts.exampleLength(),
        mostTokens: config.sequence_len,
        seed: config.seed,
        signal,
      });
      return built;
    }
  });
}

/** Held-out questions are not among them: one asked in other words would be a leak. */
async function trainedOn(context: Context): Promise<Example[]> {
  const present = await Promise.all(context.project.datasets.map((path) => exists(path)));
  return present.every(Boolean) ? (await prepare(context, true)).train : [];
}

async function planOf(
  model: ChatModel,
  sources: Source[],
  { count }: GenerateRequest,
  done: number,
  prices: { input_mtok?: number | undefined; output_mtok?: number | undefined; currency: string },
): Promise<GenerationPlan> {
  const some = sources.filter((_, index) => index % Math.ceil(sources.length / sampled) === 0);
  const lengths = await Promise.all(some.map((source) => model.countTokens(promptFor(source))));
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(lengths.length, 1);
  // At most: every source is asked, and every reply is as long as it may be.
  const questions = Math.max(0, Math.min(sources.length, mostAttempts(count)) - done);
  const [promptTokens, completionTokens] = [Math.round(mean * questions), replyTokens * questions];
  const { input_mtok: input, output_mtok: output, currency } = prices;
  const cost =
    input === undefined || output === undefined
      ? null
      : (promptTokens * input + completionTokens * output) / 1e6;
  return { questions, promptTokens, completionTokens, cost, currency, done };
}

/** The last line may be cut off. */
async function readAttempts(log: string): Promise<Attempt[]> {
  if (!(await exists(log))) return [];
  return parseJsonLines(await readText(log)) as Attempt[];
}

function reportOf(file: string, kept: number, attempts: Attempt[]): Generated {
  const dropped: Record<string, number> = {};
  for (const { dropped: reason } of attempts)
    if (reason !== undefined) dropped[reason] = (dropped[reason] ?? 0) + 1;
  const costs = attempts.flatMap(({ cost }) => cost ?? []);
  return {
    file,
    kept,
    asked: attempts.length,
    dropped,
    tokens: attempts.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
  };
}

function overBudget({ cost, currency, questions }: GenerationPlan, budget: number): LoragError {
  return new LoragError({
    code: "LORAG_BUDGET",
    kind: "usage",
    message: `Up to ${questions} questions may cost ${cost?.toFixed(2)} ${currency}, more than the budget of ${budget}`,
    next: "Raise --budget, or ask for fewer with --count. Nothing was asked.",
  });
}

function fileExists(path: string): LoragError {
  return new LoragError({
    code: "LORAG_FILE_EXISTS",
    kind: "usage",
    message: `${path} is there already`,
    next: "Name another file with --out, or remove this one.",
  });
}
