import { questionOf, renderPrompt, retrieves, type PromptStyle, type TunedArm } from "../../arms/index.ts";
import type { Chunk, Example } from "../../contracts/index.ts";
import { counted } from "../../text/index.ts";
import { buildRaftExamples, type RaftExamples } from "../../data/index.ts";
import type { Parts } from "../parts.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import type { IndexOutcome } from "./index-documents.ts";
import type { Prepared } from "./prepare.ts";
import { nameSome } from "./name-some.ts";
import { fingerprint, reuseOrRun } from "./record.ts";

/** Examples as an arm's adapter is trained on them, their prompts rendered as at answer time. */
export interface TrainingExamples {
  train: Example[];
  validation: Example[];
}

/** Changed when prompts, citation checks or decoding change: answers and contexts of before are not used again. */
export const armVersion = 5;

export const styleOf = ({ config }: Project): PromptStyle => ({
  systemPrompt: config.system_prompt,
  abstainAnswer: config.abstain_answer,
});

/** `indexed` is needed for arms that retrieve. */
export async function buildTrainingExamples(
  context: Context,
  parts: Parts,
  arm: TunedArm,
  prepared: Prepared,
  indexed: IndexOutcome | undefined,
): Promise<TrainingExamples> {
  const { train, validation } = prepared;
  const style = styleOf(context.project);
  if (!retrieves(arm) || !indexed) {
    const render = (example: Example): Example => ({
      ...example,
      prompt: renderPrompt(example.prompt, style),
    });
    return { train: train.map(render), validation: validation.map(render) };
  }
  const { raft, seed, sequence_len } = context.project.config;
  const total = train.length + validation.length;
  const build = async (examples: Example[], before: number, stream: number): Promise<RaftExamples> =>
    buildRaftExamples(examples, {
      retrieve: parts.retrieve,
      chunksOf: (ids) => Promise.resolve(ids.flatMap((id) => indexed.chunksOf.get(id) ?? [])),
      render: (example, passages, golden) => renderRaft(example, passages, golden, style, parts.cite),
      passages: raft.distractors + 1,
      goldenShare: raft.golden_share,
      tokensOf: await parts.exampleLength(),
      mostTokens: sequence_len,
      seed: stream,
      signal: context.signal,
      onProgress: (done) =>
        context.onProgress({ step: "Finding passages", done: before + done, total, unit: "examples" }),
    });
  const inputs = fingerprint(
    armVersion,
    train,
    validation,
    indexed.fingerprint,
    style,
    raft,
    seed,
    await parts.baseModelIdentity(),
    sequence_len,
  );
  const { output } = await reuseOrRun(context.project, "raft", inputs, async () => ({
    train: await build(train, 0, seed),
    validation: await build(validation, train.length, seed + 1),
  }));
  const parted = [output.train, output.validation];
  const shortened = parted.flatMap((part) => part.shortened);
  if (shortened.length > 0) {
    context.warn({
      code: "LORAG_FEWER_DISTRACTORS",
      message:
        `${counted(shortened.length, "example is", "examples are")} shown fewer passages than \`raft.distractors\` ` +
        `asks for in training ${arm}, to fit into sequence_len ${sequence_len}: ${nameSome(shortened)}. ` +
        `Set sequence_len to ${Math.max(...parted.map((part) => part.longest))} to show all.`,
    });
  }
  return { train: output.train.examples, validation: output.validation.examples };
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
