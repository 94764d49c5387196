import { join } from "node:path";
import type { ArmSpec } from "../contracts/index.ts";
import { exists, listFiles, readText, statPath, writeFileAtomic } from "../platform/index.ts";
import { adapterOf, type AdapterSpec, type Variant } from "./adapter-spec.ts";
import { describeChunking } from "./chunking.ts";
import type { Project } from "./config/read-project.ts";
import { indexOf, type IndexSpec } from "./index-spec.ts";
import { trainingInputs } from "./steps/ensure-adapter.ts";
import { answerInputs } from "./steps/open-arm.ts";
import type { Prepared } from "./steps/prepare.ts";
import { fingerprint } from "./steps/record.ts";
import { exampleInputs } from "./steps/training-examples.ts";
import { indexInputs } from "./steps/update-indexes.ts";

// What earlier runs finished, so that the time left expects no work of it. A guess, made before anything is read: the
// steps decide by themselves what they use again.

/**
 * What each stage depends on, as far as config, examples and the look of the documents' files tell: the steps' own
 * inputs, with names in place of the identities that are known once models and documents are read.
 */
export interface StageKeys {
  indexing: (index: IndexSpec) => string;
  /** Examples as they are trained on, with passages where the arm shows any. */
  finding: (adapter: AdapterSpec) => string;
  training: (adapter: AdapterSpec) => string;
  answering: (arm: ArmSpec, variant?: Variant) => string;
}

export function keyStages(project: Project, prepared: Prepared, documents: DocumentLook[]): StageKeys {
  const model = (of: { model?: string | undefined }): string => JSON.stringify(project.entryOf(of.model));
  const indexing = (spec: IndexSpec): string =>
    fingerprint(indexInputs(documents, `${spec.embeddingModel} ${describeChunking(spec, project.config)}`));
  const made = (arm: ArmSpec) => ({ model: model(arm), index: indexing(indexOf(project, arm)) });
  const finding = (adapter: AdapterSpec): string =>
    fingerprint(
      exampleInputs(project, adapter, prepared, {
        ...made(adapter.arm),
        model: model(adapter),
      }),
    );
  const training = (adapter: AdapterSpec): string =>
    fingerprint(trainingInputs(adapter, model(adapter), finding(adapter)));
  const answering = (arm: ArmSpec, variant?: Variant): string => {
    const adapter = adapterOf(project, arm, variant);
    const materials = {
      ...made(arm),
      adapter: adapter && training(adapter),
      examples: prepared.train,
      glossary: project.config.glossary,
    };
    return fingerprint(answerInputs(project, arm, materials), prepared.test);
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

/** Keys of the stages that were finished, by their ids. */
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
  stages: { id: string; key: string }[],
  ids: string[],
): Promise<void> {
  const now = stages.filter(({ id }) => ids.includes(id)).map(({ id, key }) => [id, key]);
  const finished: Finished = { ...(await readFinished(project)), ...Object.fromEntries(now) };
  await writeFileAtomic(fileOf(project), JSON.stringify(finished));
}
