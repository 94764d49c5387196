import { join } from "node:path";
import { z } from "zod";
import { isTunedArm, retrieves } from "../arms/index.ts";
import { LoragError, armNames, type Answer, type ArmName } from "../contracts/index.ts";
import { exists, readText } from "../platform/index.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import { checkIndex } from "./steps/check-index.ts";
import { openArm } from "./steps/open-arm.ts";

export interface Question {
  question: string;
  /** Absent: the choice of the last comparison; where it made none, `rag`, or the first of the config's arms without it. */
  arm?: ArmName;
  /** Gets the text as it is written, from arms that do not retrieve. */
  onText?: (text: string) => void;
}

/** Answers one question with what is indexed and trained. Throws LORAG_USAGE for a blank one, LORAG_NOT_TRAINED, LORAG_NOT_INDEXED, LORAG_ADAPTER_DAMAGED, LORAG_RESULTS_DAMAGED. */
export async function ask(
  context: Context,
  { question, arm, onText }: Question,
): Promise<Answer & { arm: ArmName }> {
  const { project, signal } = context;
  if (question.trim() === "") throw noQuestion();
  const name = arm ?? (await chosenArm(project.output)) ?? usualArm(project.config.arms);
  const adapter = isTunedArm(name)
    ? { folder: join(project.output, "adapters", name), fingerprint: "" }
    : undefined;
  if (adapter && !(await exists(adapter.folder))) {
    throw notReady("LORAG_NOT_TRAINED", name, `Run \`lorag train ${name}\``);
  }
  if (retrieves(name) && !(await exists(join(project.output, "index")))) {
    const step = (await exists(project.documents))
      ? "Run `lorag index`"
      : `Put documents into ${project.documents} and run \`lorag index\``;
    throw notReady("LORAG_NOT_INDEXED", name, step);
  }
  const parts = await assemble(context);
  try {
    await parts.checkBaseModel();
    if (retrieves(name)) {
      await parts.checkEmbeddingModel();
      // There is an index, but of other settings, or one that was never finished.
      const store = await parts.store();
      if ((await store.documents()).size === 0)
        throw notReady("LORAG_NOT_INDEXED", name, "Run `lorag index`");
      await checkIndex(context, store);
    }
    const opened = await openArm(project, parts, { name, ...(adapter && { adapter }) });
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
export async function chosenArm(output: string): Promise<ArmName | undefined> {
  const file = join(output, "results.json");
  if (!(await exists(file))) return undefined;
  const { verdict } = parseVerdict(file, await readText(file));
  return armNames.find((name) => name === verdict.choose);
}

/** Who answers where no comparison chose. A project that leaves `rag` out may have no documents. */
export const usualArm = (arms: ArmName[]): ArmName => (arms.includes("rag") ? "rag" : arms[0]!);

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

function notReady(code: `LORAG_${string}`, arm: ArmName, step: string): LoragError {
  return new LoragError({
    code,
    kind: "missing",
    message: `The arm ${arm} is not ready in this project`,
    next: `${step} first, or choose another arm with --arm.`,
  });
}
