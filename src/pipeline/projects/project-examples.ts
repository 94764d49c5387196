import { join, relative } from "node:path";
import {
  LoragError,
  type CleanedData,
  type DataReport,
  type Example,
  type ExampleList,
  type ListedExample,
} from "../../contracts/index.ts";
import { exists } from "../../platform/index.ts";
import type { Context } from "../context.ts";
import { checkData } from "../data/check-data.ts";
import { cleanData } from "../data/clean-data.ts";
import { showParts } from "../data/show-example.ts";
import { prepare } from "../steps/prepare.ts";

/** The examples of a project, and where each one is used. */
export async function listExamples(context: Context): Promise<ExampleList> {
  const { project } = context;
  if (!(await hasExamples(context))) return { examples: [], refused: [] };
  const { refused } = await showParts(context);
  if (refused.length > 0) return { examples: [], refused };
  const { train, validation, test, leftOut } = await prepare(context, true);
  const list = (examples: Example[], part: string): ListedExample[] =>
    examples.map(({ id, prompt, completion, type, documents, metadata }) => ({
      id,
      part,
      type: type ?? null,
      question: prompt.at(-1)?.content ?? "",
      gold: completion,
      documents: documents ?? null,
      grading: modeOf(metadata?.["grading"]) ?? project.config.grading.mode,
    }));
  return {
    examples: [
      ...list(train, "train"),
      ...list(validation, "validation"),
      ...list(test, "held out"),
      ...leftOut.flatMap(({ example, reason }) => list([example], `left out: ${reason}`)),
    ],
    refused: [],
  };
}

const modeOf = (grading: unknown): string | undefined => {
  if (typeof grading === "string") return grading;
  const mode = (grading as { mode?: unknown } | undefined)?.mode;
  return typeof mode === "string" ? mode : undefined;
};

async function hasExamples({ project }: Context): Promise<boolean> {
  for (const file of [...project.datasets, ...project.testDatasets]) if (await exists(file)) return true;
  return false;
}

export async function findingsOf(context: Context): Promise<DataReport> {
  return (await checkData(context, { files: [], heldOut: [] })).report;
}

/** Writes the examples, mended, as a new file beside the project's own, with the list of changes; names of both. */
export async function mendExamples(
  context: Context,
  options: { drop: string[]; mask: boolean; html: boolean },
): Promise<CleanedData> {
  const { folder } = context.project;
  for (let number = 1; number < 1000; number++) {
    const out = join(folder, `examples.mended${number === 1 ? "" : `-${number}`}.jsonl`);
    if (await exists(out)) continue;
    const cleaned = await cleanData(context, { files: [], heldOut: [], out, ...options });
    return { ...cleaned, file: relative(folder, cleaned.file), log: relative(folder, cleaned.log) };
  }
  throw new LoragError({
    code: "LORAG_FILE_EXISTS",
    kind: "usage",
    message: "There are a thousand mended files already",
    next: "Remove some of them.",
  });
}
