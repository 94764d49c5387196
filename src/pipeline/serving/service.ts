import { join } from "node:path";
import { createArm, retrieves, usesModel } from "../../arms/index.ts";
import {
  LoragError,
  type AdapterHost,
  type Arm,
  type ArmSpec,
  type ChatModel,
  type ServedAnswer,
  type ServedModel,
  type ServedRequest,
  type Service,
} from "../../contracts/index.ts";
import { assemble } from "../assemble.ts";
import type { Context } from "../context.ts";
import { searchedIndex } from "../adapter-spec.ts";
import type { Parts } from "../parts.ts";
import { checkIndex } from "../steps/check-index.ts";
import { isHeld, openArm } from "../steps/open-arm.ts";
import { prepare } from "../steps/prepare.ts";
import { styleOf } from "../style.ts";
import { createAdapterContent } from "./adapter-content.ts";
import { openAdapterFolder } from "./adapter-folder.ts";
import { createAdapterRegistry, weightsSize } from "./adapter-registry.ts";
import { createAdapterTally } from "./adapter-work.ts";
import { adaptersFolder } from "./adapters-folder.ts";
import { openFileStore } from "./file-store.ts";
import { openFineTuning } from "./fine-tuning.ts";
import { createResidentAdapters, type ResidentAdapters } from "./resident-adapters.ts";
import { armPrefix, createServedModels, hostedAdapters } from "./served-models.ts";
import { openVectorStores } from "./vector-stores.ts";

export interface ServiceOptions {
  /** A folder of further adapters, each in a folder of its name; `adapters` in the project's by default. */
  adapters?: string | undefined;
  /** Whether clients may take those in and out. */
  mayLoad?: boolean | undefined;
  /** Memory for adapters; 512 by default. */
  adapterMegabytes?: number | undefined;
}

/**
 * Opens a project to answer for as long as it stays open: the base model by its name, each adapter by its key, each arm
 * that is ready as `PROJECT:ARM`, `PROJECT:auto`, which is the choice of the last comparison, and what clients have
 * tuned. An arm puts the question as it was compared; the base model and adapters take the messages as they are. Parts are
 * opened when first needed.
 */
export async function openService(
  context: Context,
  options: ServiceOptions = {},
): Promise<Service & { close(): Promise<void> }> {
  const { project } = context;
  const { base_model: base, embedding_model: embedding, max_new_tokens } = project.config;
  const parts = withResidency(await assemble(context), (options.adapterMegabytes ?? 512) * 2 ** 20);
  const prefix = armPrefix(project);
  const served = createServedModels(project);
  const openOnce = createOpenOnce(context, parts);
  const folder = join(project.output, "served");
  const files = openFileStore(join(folder, "files"));
  const stores = openVectorStores(context, parts, files, join(folder, "vector-stores"));
  const jobs = await openFineTuning(context, parts, files, join(folder, "jobs"));
  const content = createAdapterContent(parts, base);
  const adapters = openAdapterFolder(adaptersFolder(project, options.adapters), base);
  const tally = createAdapterTally();

  const armOf = async (id: string): Promise<ArmSpec | undefined> => {
    if (!id.startsWith(prefix)) return undefined;
    const name = id.slice(prefix.length);
    return name === "auto" ? (await served()).auto : project.arms.find((arm) => arm.name === name);
  };
  /** What an id stands for. An adapter of a folder has still to be registered. */
  const open = async (id: string, user?: string): Promise<Opened> => {
    const arm = await armOf(id);
    if (arm) {
      await openOnce(arm);
      const [own] = hostedAdapters(project, [arm]);
      return { arm, model: arm.model ?? base, ...(own && { adapter: own.key }) };
    }
    const trained = hostedAdapters(project, project.arms).find(({ key }) => key === id);
    if (trained) {
      // Opening its arm loads an adapter.
      await openOnce(trained.arm);
      return { model: trained.arm.model ?? base, adapter: id };
    }
    const registered =
      (await jobs.models()).find((model) => model.id === id) ??
      (await adapters.find(id, user).catch(notRegistered));
    return { model: base, ...(registered && { registered }) };
  };
  const answerAs = async (
    { arm, model, adapter: own, registered }: Opened,
    request: ServedRequest,
  ): Promise<ServedAnswer> => {
    const { messages, sampling, signal, onText, hits, constraint, topLogprobs } = request;
    const adapter = registered ? await content.of(registered.folder) : own;
    if (registered) await parts.register(base, adapter!, registered.folder);
    if (hits) {
      const like = arm ?? plainArm;
      const how = { style: styleOf(project, like), isHeld: isHeld(project, like) };
      return fromArm(shownArm(parts, model, adapter, how, max_new_tokens, hits), request, max_new_tokens);
    }
    if (arm) return fromArm(await openOnce(arm), request, max_new_tokens);
    const generator = await parts.generator(model);
    const generation = await generator.generate({
      messages,
      sampling,
      signal,
      ...(onText && { onText }),
      ...(constraint && { constraint }),
      ...(topLogprobs !== undefined && { topLogprobs }),
      ...(adapter !== undefined && { adapter }),
    });
    return { ...generation, citations: [], hits: [] };
  };

  return {
    models: async () => [
      ...(await served()).models,
      ...(await jobs.models()).map(withoutFolder),
      ...(await adapters.models()).map(withoutFolder),
    ],
    async answer(id, request) {
      const opened = await open(id, request.user);
      const version = opened.registered?.id;
      if (version === undefined) return answerAs(opened, request);
      request.onVersion?.(version);
      return tally.count(version, () => answerAs(opened, request));
    },
    embed: async (texts, signal, as) =>
      (await parts.embedder(embedding)).embed(texts, { signal, ...(as && { as }) }),
    storage: { files, stores, jobs },
    gauges: () => {
      const { count, bytes } = parts.resident();
      return { lorag_adapters_resident: count, lorag_adapters_resident_bytes: bytes };
    },
    ...(options.mayLoad && {
      adapters: createAdapterRegistry({
        folder: adapters,
        content,
        tally,
        model: () => parts.generator(base),
        isLoaded: parts.isResident,
      }),
    }),
    close: async () => {
      await jobs.close();
      await stores.close();
      await parts.close();
    },
  };
}

interface Opened {
  arm?: ArmSpec;
  model: string;
  /** The name by which the model has it. */
  adapter?: string;
  /** An adapter of a folder, or one that a job has made. */
  registered?: { id: string; folder: string };
}

const plainArm: ArmSpec = { name: "base", context: "passages", answerer: "generate" };

function withoutFolder(model: ServedModel & { folder?: string }): ServedModel {
  const told = { ...model };
  delete told.folder;
  return told;
}

async function fromArm(arm: Arm, request: ServedRequest, maxNewTokens: number): Promise<ServedAnswer> {
  const { messages, sampling, signal, onText, grounding } = request;
  const answer = await arm.answer(messages, {
    sampling,
    signal,
    ...(onText && { onText }),
    ...(grounding && { grounding }),
  });
  const { text, usage, citations, hits, indexGeneration } = answer;
  const most = sampling.maxTokens ?? maxNewTokens;
  const ended = usage.completionTokens >= most ? "length" : "stop";
  return {
    text,
    usage,
    citations,
    hits,
    finishReason: signal.aborted ? "cancelled" : ended,
    ...(indexGeneration !== undefined && { indexGeneration }),
  };
}

/** An arm that answers from passages that it is given. */
function shownArm(
  parts: Parts,
  model: string,
  adapter: string | undefined,
  how: Pick<Parameters<typeof createArm>[1], "style" | "isHeld">,
  maxTokens: number,
  hits: NonNullable<ServedRequest["hits"]>,
): Arm {
  return createArm(plainArm, {
    model: () => parts.generator(model),
    classifier: () => Promise.reject(new Error("it writes")),
    ...(adapter !== undefined && { adapter }),
    ...how,
    sampling: { maxTokens },
    retrieve: async () => hits,
    similar: async () => [],
    embed: async () => [],
    cite: parts.cite,
  });
}

/** A name that is no adapter's is the base model's. */
function notRegistered(error: unknown): undefined {
  if (error instanceof LoragError && error.code === "LORAG_UNKNOWN_ADAPTER") return undefined;
  throw error;
}

type ResidentParts = Parts & {
  register(model: string, name: string, folder: string): Promise<void>;
  /** Adapters in memory, of all models. */
  resident(): { count: number; bytes: number };
  isResident(name: string): boolean;
};

/** The same parts, their local models keeping no more adapters in memory than they are asked for. */
function withResidency(parts: Parts, budgetBytes: number): ResidentParts {
  const residents = new Map<object, ResidentAdapters>();
  const residentOf = async (name?: string): Promise<ResidentAdapters | undefined> => {
    const model = await parts.generator(name);
    if (!hostsAdapters(model)) return undefined;
    const resident =
      residents.get(model) ?? createResidentAdapters(model, { budgetBytes, sizeOf: weightsSize });
    residents.set(model, resident);
    return resident;
  };
  return {
    ...parts,
    generator: async (name, tuned) =>
      tuned === undefined
        ? ((await residentOf(name)) ?? parts.generator(name))
        : parts.generator(name, tuned),
    register: async (model, name, folder) => (await residentOf(model))?.register(name, folder),
    isResident: (name) => [...residents.values()].some((each) => each.isResident(name)),
    resident: () =>
      [...residents.values()]
        .map((each) => each.resident())
        .reduce((sum, { count, bytes }) => ({ count: sum.count + count, bytes: sum.bytes + bytes }), {
          count: 0,
          bytes: 0,
        }),
  };
}

const hostsAdapters = (model: ChatModel & Partial<AdapterHost>): model is ChatModel & AdapterHost =>
  model.loadAdapter !== undefined;

/** Opens each arm at its first question; a failure is not kept. */
function createOpenOnce(context: Context, parts: Parts): (arm: ArmSpec) => Promise<Arm> {
  const opened = new Map<string, Promise<Arm>>();
  const open = async (arm: ArmSpec): Promise<Arm> => {
    if (usesModel(arm)) await parts.checkModel(arm.model);
    if (retrieves(arm))
      await checkIndex(context, (await parts.index(searchedIndex(context.project, arm))).store);
    const examples = async () => (await prepare({ ...context, warn: () => {} }, true)).train;
    return openArm(context.project, parts, arm, examples);
  };
  return (arm) => {
    const made = opened.get(arm.name) ?? open(arm);
    opened.set(arm.name, made);
    made.catch(() => opened.delete(arm.name));
    return made;
  };
}
