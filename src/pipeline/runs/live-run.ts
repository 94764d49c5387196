import { join } from "node:path";
import type { Contender, LatestAnswer, TrainingRecord } from "../../contracts/index.ts";
import { armPresetNames, armSpec } from "../../contracts/index.ts";
import { exists, listFolder, openFile, readText, statPath } from "../../platform/index.ts";
import { renderLoss } from "../../report/index.ts";
import { readMetrics } from "../../training/index.ts";
import { adaptersOf, variantsOf, type AdapterSpec } from "../adapter-spec.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { withArms } from "./with-arms.ts";

/** What can be compared: the arms that lorag.yaml lists, then the presets that it does not. */
export function listContenders({ arms, modelName }: Project): Contender[] {
  const listed = new Set(arms.map(({ name }) => name));
  const presets = armPresetNames.filter((name) => !listed.has(name)).map((name) => armSpec(name));
  return [...arms, ...presets].map(({ name, model, context, answerer, tuning }) => ({
    name,
    isListed: listed.has(name),
    model: answerer === "quote" ? null : modelName(model),
    context,
    isTuned: tuning !== undefined,
  }));
}

/** The loss curves of a run's adapters, as far as they have grown: the report's chart, or nothing yet. */
export async function drawCurves(context: Context, arms: string[], curve: boolean): Promise<string | null> {
  const { project } = withArms(context, arms);
  const adapters = adaptersOf(project, project.arms, variantsOf(project, { curve }));
  const curves = await Promise.all(
    adapters.map(async (adapter, hue) => {
      const training = (await finishedRecord(project, adapter)) ?? (await growingRecord(adapter));
      return training && training.losses.length > 0
        ? [{ name: adapter.key, training, hue: (hue + 1) % 12 }]
        : [];
    }),
  );
  const grown = curves.flat();
  return grown.length === 0 ? null : renderLoss(grown);
}

async function finishedRecord(
  { output }: Project,
  { key, folder }: AdapterSpec,
): Promise<TrainingRecord | undefined> {
  const file = join(output, "steps", `train-${key}.json`);
  if (!(await exists(folder)) || !(await exists(file))) return undefined;
  try {
    return (JSON.parse(await readText(file)) as { output: TrainingRecord }).output;
  } catch {
    return undefined;
  }
}

/** From the curve that training writes as it goes. */
async function growingRecord({ key, checkpoints }: AdapterSpec): Promise<TrainingRecord | undefined> {
  if (!(await exists(checkpoints))) return undefined;
  const files = (await listFolder(checkpoints)).map((name) => join(checkpoints, name, "metrics.jsonl"));
  const found = await Promise.all(
    files.map(async (file) => ({ file, at: (await statPath(file))?.modifiedMs ?? 0 })),
  );
  const newest = found.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at)[0];
  if (!newest) return undefined;
  const losses = (await readMetrics(newest.file)).map(({ step, train, validation }) => ({
    step,
    train,
    validation,
  }));
  const steps = losses.at(-1)?.step ?? 0;
  return {
    adapter: key,
    examples: 0,
    steps,
    bestStep: null,
    seconds: 0,
    device: "cpu",
    losses,
    retention: null,
  };
}

const tailBytes = 65_536;

/** The last answers that an arm gave, the newest first. */
export async function latestAnswers({ output }: Project, arm: string, most = 5): Promise<LatestAnswer[]> {
  const folder = join(output, "answers");
  if (!(await exists(folder))) return [];
  const name = (await listFolder(folder)).find((file) => file.replace(/-[0-9a-f]{16}\.jsonl$/, "") === arm);
  if (name === undefined) return [];
  const source = openFile(join(folder, name));
  try {
    const length = Math.min(source.size, tailBytes);
    const text = new TextDecoder().decode(source.read(source.size - length, length));
    return text
      .split("\n")
      .flatMap((line): LatestAnswer[] => {
        try {
          const { id, answer } = JSON.parse(line) as {
            id: string;
            answer: { text: string; abstained: boolean };
          };
          return [{ id, text: answer.text, abstained: answer.abstained }];
        } catch {
          return [];
        }
      })
      .slice(-most)
      .reverse();
  } finally {
    source.close();
  }
}
