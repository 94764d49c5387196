import { join } from "node:path";
import { retrieves, usesModel } from "../../arms/index.ts";
import type { ArmSpec, ServedModel } from "../../contracts/index.ts";
import { exists, statPath } from "../../platform/index.ts";
import { adapterOf, adaptersOf, searchedIndex, type AdapterSpec } from "../adapter-spec.ts";
import { usualArm } from "../ask.ts";
import type { Project } from "../config/read-project.ts";

/** What a project can answer with now. */
export interface Served {
  models: ServedModel[];
  /** The arm that `PROJECT:auto` stands for, where it is ready. */
  auto: ArmSpec | undefined;
}

/** Begins the names of a project's arms. */
export const armPrefix = ({ name }: Project): string => `${name}:`;

/**
 * Lists what a project serves, made once and again when something was trained, indexed or compared since.
 * Throws LORAG_RESULTS_DAMAGED.
 */
export function createServedModels(project: Project): () => Promise<Served> {
  const created = Math.floor(Date.now() / 1000);
  let state: string | undefined;
  let listed: Promise<Served> | undefined;
  return async () => {
    const now = await stateOf(project);
    if (!listed || state !== now) {
      state = now;
      const made = list(project, created);
      listed = made;
      // A failure is not kept.
      made.catch(() => (listed = listed === made ? undefined : listed));
    }
    return listed;
  };
}

/** Changes when results, an adapter or an index come or go: files and folders are put in place whole. */
async function stateOf({ output }: Project): Promise<string> {
  const paths = [output, join(output, "results.json"), join(output, "adapters")];
  const found = await Promise.all(paths.map((path) => statPath(path)));
  return found.map((stat) => (stat ? `${stat.modifiedMs} ${stat.size}` : "")).join("|");
}

async function list(project: Project, created: number): Promise<Served> {
  const { base_model: base, embedding_model: embedding } = project.config;
  const prefix = armPrefix(project);
  const arms: ArmSpec[] = [];
  for (const arm of project.arms) if (await isReady(project, arm)) arms.push(arm);
  const usual = await usualArm(project);
  const auto = arms.find(({ name }) => name === usual.name);
  const model = (id: string, kind: ServedModel["kind"], more: Partial<ServedModel> = {}): ServedModel => ({
    id,
    kind,
    created,
    ...more,
  });
  const models = [
    model(base, "base"),
    ...hostedAdapters(project, arms).map(({ key, arm: { model: name = base } }) =>
      model(key, "adapter", { root: name, parent: name }),
    ),
    ...arms.map((arm) =>
      model(prefix + arm.name, "arm", { root: usesModel(arm) ? (arm.model ?? base) : embedding }),
    ),
    ...(auto ? [model(`${prefix}auto`, "arm", { root: prefix + auto.name })] : []),
    model(embedding, "embedder"),
  ];
  return { models, auto };
}

/** Those that a base model hosts under their own names: a head, DoRA and whole weights answer as their arms alone. */
export function hostedAdapters(project: Project, arms: ArmSpec[]): AdapterSpec[] {
  return adaptersOf(project, arms).filter(({ settings }) => settings.method === "lora");
}

async function isReady(project: Project, arm: ArmSpec): Promise<boolean> {
  const adapter = adapterOf(project, arm);
  return (
    (!adapter || (await exists(adapter.folder))) &&
    (!retrieves(arm) || (await exists(searchedIndex(project, arm).folder)))
  );
}
