import type { RunEstimate, RunRequest, RunStage } from "../../contracts/index.ts";
import { variantsOf } from "../adapter-spec.ts";
import { collectWarnings, type Context } from "../context.ts";
import { expectStages } from "../expect-stages.ts";
import { prepare, requireHeldOut } from "../steps/prepare.ts";
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
  return {
    stages,
    seconds,
    cost: (seconds / 3600) * cpu_hour,
    currency,
    questions: prepared.test.length,
    warnings: warnings.map(({ message }) => message),
  };
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
