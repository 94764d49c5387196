import type { RunEstimate, RunRequest, RunStage } from "../../contracts/index.ts";
import { variantsOf } from "../adapter-spec.ts";
import type { Project } from "../config/read-project.ts";
import { collectWarnings, type Context } from "../context.ts";
import { expectStages } from "../expect-stages.ts";
import { prepare, requireHeldOut } from "../steps/prepare.ts";
import { memoryNeeded } from "./memory-needed.ts";
import { withArms } from "./with-arms.ts";

/** What a comparison would do and take on a usual machine. Throws what a comparison throws of its examples. */
export async function estimateRun(context: Context, { arms, curve }: RunRequest): Promise<RunEstimate> {
  const { warn, warnings } = collectWarnings();
  const chosen = withArms({ ...context, warn }, arms);
  const { project } = chosen;
  const trains = project.arms.some(({ tuning }) => tuning !== undefined);
  const prepared = await prepare(chosen, trains);
  requireHeldOut(project, prepared);
  const expected = await expectStages(project, prepared, variantsOf(project, { curve }));
  const stages = expected.map(({ id, seconds, isDone = false }): RunStage => ({
    id,
    label: labelOf(id),
    seconds,
    isDone,
  }));
  const seconds = stages.reduce((sum, stage) => sum + (stage.isDone ? 0 : stage.seconds), 0);
  const { cpu_hour, currency } = project.config.prices;
  const tokens = expected.flatMap((stage) => (stage.isDone || !stage.tokens ? [] : [stage.tokens]));
  const memory = await memoryNeeded(project);
  return {
    stages,
    seconds,
    cost: (seconds / 3600) * cpu_hour,
    currency,
    tokens: {
      prompt: tokens.reduce((sum, { prompt }) => sum + prompt, 0),
      completion: tokens.reduce((sum, { completion }) => sum + completion, 0),
      ...paidFor(project, tokens),
    },
    ...(memory && { memory }),
    questions: prepared.test.length,
    warnings: warnings.map(({ message }) => message),
  };
}

/** By the prices of the models behind endpoints; nothing where none has any. */
function paidFor(
  project: Project,
  tokens: { model: string; prompt: number; completion: number }[],
): { cost?: number } {
  const costs = tokens.flatMap(({ model, prompt, completion }) => {
    const entry = project.entryOf(model);
    if (typeof entry === "string" || entry.input_mtok === undefined) return [];
    return [(prompt * entry.input_mtok + completion * entry.output_mtok!) / 1e6];
  });
  return costs.length === 0 ? {} : { cost: costs.reduce((sum, cost) => sum + cost, 0) };
}

const words: Record<string, string> = {
  index: "Indexing passages",
  find: "Finding passages to train on for",
  train: "Training",
  answer: "Answering with",
};

/** For people: what a stage's id stands for. */
function labelOf(id: string): string {
  const [kind = "", ...rest] = id.split("/");
  if (kind === "read") return "Reading documents";
  if (kind === "index")
    return rest[0] === "default" ? words["index"]! : `${words["index"]} (${rest.join("/")})`;
  return `${words[kind] ?? kind} ${rest.join("/")}`;
}
