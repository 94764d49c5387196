import { questionOf, renderPrompt, retrieves, type PromptStyle } from "../../arms/index.ts";
import type { Chunk, Example } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { buildRaftExamples, mineTriplets, type RaftOptions } from "../../data/index.ts";
import { examplesFor, type AdapterSpec, type TrainingExamples } from "../adapter-spec.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { retrievalOf } from "../index-spec.ts";
import { wayOf } from "../retrieval-way.ts";
import type { Parts } from "../parts.ts";
import { inStage, stageIds } from "../stage.ts";
import { styleOf } from "../style.ts";
import type { IndexOutcome } from "./update-indexes.ts";
import type { Prepared } from "./prepare.ts";
import { nameSome } from "./name-some.ts";
import { contextsStep, fingerprint, reuseOrRun } from "./record.ts";

/** Changed when prompts, citation checks or decoding change: answers of before are not used again. */
export const armVersion = 7;
/** Changed when prompts change, or how references are found: contexts and adapters of before are not used again. */
const exampleVersion = 6;

/** What the examples are made of, as trained on: `model` and `index` tell the base model and the searches apart. */
export function exampleInputs(
  project: Project,
  adapter: AdapterSpec,
  { train: all, validation }: Prepared,
  made: { model: string; index: string | undefined },
): unknown[] {
  const { arm, settings } = adapter;
  const train = examplesFor(adapter, all, project.config.seed);
  if (settings.method === "embedder") {
    const { top_k: _, ...found } = retrievalOf(project, arm);
    return [exampleVersion, train, validation, made.model, made.index, found];
  }
  const examples = [exampleVersion, train, validation, styleOf(project, arm), made.model];
  if (!retrieves(arm)) return examples;
  const { top_k: _, ...found } = retrievalOf(project, arm);
  return [...examples, made.index, found, project.config.raft, project.config.seed, settings.sequence_len];
}

/** `indexed` is needed where passages are shown. */
export async function buildTrainingExamples(
  context: Context,
  parts: Parts,
  adapter: AdapterSpec,
  prepared: Prepared,
  indexed: IndexOutcome | undefined,
): Promise<TrainingExamples> {
  const train = examplesFor(adapter, prepared.train, context.project.config.seed);
  const { validation } = prepared;
  const { arm } = adapter;
  const style = styleOf(context.project, arm);
  if (!retrieves(arm) || !indexed) {
    const render = (example: Example): Example => ({
      ...example,
      prompt: renderPrompt(example.prompt, style),
    });
    return { train: train.map(render), validation: validation.map(render) };
  }
  const finding: Finding = { context, parts, adapter, prepared, indexed };
  if (adapter.settings.method === "embedder") return findInEach(finding, mineTriplets);
  const { raft, seed } = context.project.config;
  const { sequence_len } = adapter.settings;
  const found = await findInEach(finding, async (examples, search, part) =>
    buildRaftExamples(examples, {
      ...search,
      render: (example, passages, golden) => renderRaft(example, passages, golden, style, parts.cite),
      passages: raft.distractors + 1,
      goldenShare: raft.golden_share,
      tokensOf: await parts.exampleLength(arm.model),
      mostTokens: sequence_len,
      seed: seed + part,
    }),
  );
  const parted = [found.train, found.validation];
  const shortened = parted.flatMap((part) => part.shortened);
  if (shortened.length > 0) {
    context.warn({
      code: "LORAG_FEWER_DISTRACTORS",
      message:
        `${counted(shortened.length, "example is", "examples are")} shown fewer passages than \`raft.distractors\` ` +
        `asks for in training ${adapter.key}, to fit into sequence_len ${sequence_len}: ${nameSome(shortened)}. ` +
        `Set sequence_len to ${Math.max(...parted.map((part) => part.longest))} to show all.`,
    });
  }
  return { train: found.train.examples, validation: found.validation.examples };
}

interface Finding {
  context: Context;
  parts: Parts;
  adapter: AdapterSpec;
  prepared: Prepared;
  indexed: IndexOutcome;
}

/** How passages are found for examples, and what is told meanwhile. */
type Search = Pick<RaftOptions, "retrieve" | "chunksOf" | "signal" | "onProgress">;

/** What `find` makes of the training examples (part 0) and of the validation examples (part 1), kept for later runs. */
async function findInEach<Found>(
  { context, parts, adapter, prepared, indexed }: Finding,
  find: (examples: Example[], search: Search, part: 0 | 1) => Promise<Found>,
): Promise<{ train: Found; validation: Found }> {
  const { project, signal } = context;
  const train = examplesFor(adapter, prepared.train, project.config.seed);
  const { validation } = prepared;
  const { onProgress } = inStage(context, stageIds.finding(adapter.key));
  const total = train.length + validation.length;
  const searchAfter = (before: number): Search => ({
    retrieve: parts.retrieve(wayOf(project, adapter.arm)),
    chunksOf: (ids) => Promise.resolve(ids.flatMap((id) => indexed.chunksOf.get(id) ?? [])),
    signal,
    onProgress: (done) =>
      onProgress({ step: "Finding passages", done: before + done, total, unit: "examples" }),
  });
  const made = { model: await parts.modelIdentity(adapter.model), index: indexed.fingerprint };
  const inputs = fingerprint(exampleInputs(project, adapter, prepared, made));
  const { output } = await reuseOrRun(project, contextsStep(adapter.examples), inputs, async () => ({
    train: await find(train, searchAfter(0), 0),
    validation: await find(validation, searchAfter(train.length), 1),
  }));
  return output;
}

/**
 * The gold answer, with the number of its passage unless it names the passage already in a style of its own. Without
 * that passage there is nothing to rest an answer on.
 */
export function renderRaft(
  example: Example,
  passages: Chunk[],
  golden: number | undefined,
  style: PromptStyle,
  cite: Parts["cite"],
): Pick<Example, "prompt" | "completion"> {
  const { completion, documents } = example;
  const prompt = renderPrompt(example.prompt, style, passages);
  if (golden === undefined) {
    return { prompt, completion: documents?.length === 0 ? completion : style.abstainAnswer };
  }
  const cited = cite(
    completion,
    passages.map((chunk) => ({ chunk, score: 0, ranks: {} })),
    questionOf(example.prompt),
  );
  const isCited = cited.some(({ marker }) => marker === golden + 1);
  return { prompt, completion: isCited ? completion : `${completion} [${golden + 1}]` };
}
