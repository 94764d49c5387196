import { join } from "node:path";
import { isTunedArm, retrieves, type TunedArm } from "../arms/index.ts";
import type { ArmName } from "../contracts/index.ts";
import { exists, listFiles, readText, statPath, writeFileAtomic } from "../platform/index.ts";
import type { Project } from "./config/read-project.ts";
import { fingerprintArm } from "./steps/open-arm.ts";
import type { Prepared } from "./steps/prepare.ts";
import { fingerprint } from "./steps/record.ts";
import { trainingSettings } from "./steps/train-adapter.ts";
import { styleOf } from "./steps/training-examples.ts";

// What earlier runs finished, so that the time left expects no work of it. A guess, made before anything is read: the
// steps decide by themselves what they use again.

/** What each stage depends on, as far as config, examples and the look of the documents' files tell. */
export interface StageKeys {
  indexing: string;
  /** Examples with passages, for training. */
  finding: string;
  training: (arm: TunedArm) => string;
  answering: (arm: ArmName) => string;
}

export function keyStages(project: Project, prepared: Prepared, documents: DocumentLook[]): StageKeys {
  const { config, baseModel, embeddingModel } = project;
  const { train, validation, test } = prepared;
  const examples = [train, validation, styleOf(project), baseModel];
  const indexing = fingerprint(
    documents,
    embeddingModel,
    config.retrieval.chunk_tokens,
    config.retrieval.mode,
  );
  const finding = fingerprint(indexing, examples, config.raft, config.seed, config.sequence_len);
  const training = (arm: TunedArm): string =>
    fingerprint(trainingSettings(config), retrieves(arm) ? finding : examples);
  const answering = (name: ArmName): string => {
    const adapter = isTunedArm(name) && { adapter: { folder: "", fingerprint: training(name) } };
    return fingerprint(fingerprintArm(project, { name, baseModel, index: indexing, ...adapter }), test);
  };
  return { indexing, finding, training, answering };
}

/** Name, size and time of change of a document's file. */
type DocumentLook = [name: string, bytes: number | undefined, modifiedMs: number | undefined];

export async function lookAtDocuments(folder: string): Promise<DocumentLook[]> {
  if (!(await exists(folder))) return [];
  const names = await listFiles(folder, () => {});
  return Promise.all(
    names.map(async (name): Promise<DocumentLook> => {
      const found = await statPath(join(folder, name));
      return [name, found?.size, found?.modifiedMs];
    }),
  );
}

type Finished = Record<string, string>;
const fileOf = ({ output }: Project): string => join(output, "steps", "stages.json");

/** Keys of the stages that were finished, by their steps' names. */
export async function readFinished(project: Project): Promise<Finished> {
  if (!(await exists(fileOf(project)))) return {};
  try {
    return JSON.parse(await readText(fileOf(project))) as Finished;
  } catch {
    return {};
  }
}

export async function rememberFinished(
  project: Project,
  stages: { step: string; key: string }[],
  steps: string[],
): Promise<void> {
  const now = stages.filter(({ step }) => steps.includes(step)).map(({ step, key }) => [step, key]);
  const finished: Finished = { ...(await readFinished(project)), ...Object.fromEntries(now) };
  await writeFileAtomic(fileOf(project), JSON.stringify(finished));
}
