import { join } from "node:path";
import { z } from "zod";
import { retrieves, usesModel } from "../arms/index.ts";
import { LoragError, type Answer, type ArmSpec } from "../contracts/index.ts";
import { exists, readText } from "../platform/index.ts";
import { adapterOf, searchedIndex } from "./adapter-spec.ts";
import { assemble } from "./assemble.ts";
import type { Project } from "./config/read-project.ts";
import type { Context } from "./context.ts";
import { findArm, knownArm } from "./find-arm.ts";
import { checkIndex } from "./steps/check-index.ts";
import { prepare } from "./steps/prepare.ts";
import { openArm } from "./steps/open-arm.ts";

export interface Question {
  question: string;
  /** Absent: the choice of the last comparison; where it made none, `rag`, or the first of the config's arms without it. */
  arm?: string;
  /** Gets the text as it is written, from arms that do not retrieve. */
  onText?: (text: string) => void;
}

/** Answers one question with what is indexed and trained. Throws LORAG_USAGE for a blank one, LORAG_NOT_TRAINED, LORAG_NOT_INDEXED, LORAG_ADAPTER_DAMAGED, LORAG_RESULTS_DAMAGED. */
export async function ask(
  context: Context,
  { question, arm, onText }: Question,
): Promise<Answer & { arm: string }> {
  const { project, signal } = context;
  if (question.trim() === "") throw noQuestion();
  const spec = arm === undefined ? await usualArm(project) : findArm(project, arm);
  const { name } = spec;
  const adapter = adapterOf(project, spec);
  const index = searchedIndex(project, spec);
  if (adapter && !(await exists(adapter.folder))) {
    throw notReady("LORAG_NOT_TRAINED", name, `Run \`lorag train ${name}\``);
  }
  if (retrieves(spec) && !(await exists(index.folder))) {
    const step = (await exists(project.documents))
      ? "Run `lorag index`"
      : `Put documents into ${project.documents} and run \`lorag index\``;
    throw notReady("LORAG_NOT_INDEXED", name, step);
  }
  const parts = await assemble(context);
  try {
    if (usesModel(spec)) await parts.checkModel(spec.model);
    if (retrieves(spec)) {
      await parts.checkEmbeddingModel(index);
      // There is an index, but of other settings, or one that was never finished.
      const { store } = await parts.index(index);
      if ((await store.documents()).size === 0)
        throw notReady("LORAG_NOT_INDEXED", name, "Run `lorag index`");
      await checkIndex(context, store);
    }
    const examples = async () => (await prepare({ ...context, warn: () => {} }, true)).train;
    const opened = await openArm(project, parts, spec, examples);
    const answer = await opened.answer([{ role: "user", content: question }], {
      signal,
      ...(onText && { onText }),
    });
    signal.throwIfAborted();
    return { arm: name, ...answer };
  } finally {
    await parts.close();
  }
}

const verdictSchema = z.object({ verdict: z.object({ choose: z.string().nullable() }) });

/** What the last comparison says to use; undefined where there was none, or it chose none. */
export async function chosenArm(output: string): Promise<string | undefined> {
  const file = join(output, "results.json");
  if (!(await exists(file))) return undefined;
  const { verdict } = parseVerdict(file, await readText(file));
  return verdict.choose ?? undefined;
}

/** The choice of the last comparison, or where it made none, `rag`, or where that is not listed, the first arm. */
export async function usualArm(project: Project): Promise<ArmSpec> {
  const { arms } = project;
  const chosen = await chosenArm(project.output);
  const usual = arms.find(({ name }) => name === "rag") ?? arms[0]!;
  return (chosen !== undefined && knownArm(project, chosen)) || usual;
}

function parseVerdict(file: string, text: string): z.infer<typeof verdictSchema> {
  try {
    return verdictSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LoragError({
      code: "LORAG_RESULTS_DAMAGED",
      kind: "data",
      message: `${file} is damaged: it holds no verdict of a comparison`,
      next: "Run `lorag compare` again, which writes it anew, or choose an arm with --arm.",
      cause,
    });
  }
}

/** A model answers an empty question, too, and with whatever comes first. */
function noQuestion(): LoragError {
  return new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: "The question is empty",
    next: 'Ask something: `lorag ask "When does the library open?"`.',
  });
}

function notReady(code: `LORAG_${string}`, arm: string, step: string): LoragError {
  return new LoragError({
    code,
    kind: "missing",
    message: `The arm ${arm} is not ready in this project`,
    next: `${step} first, or choose another arm with --arm.`,
  });
}
