import {
  LoragError,
  type AdapterHost,
  type ChatModel,
  type Classifier,
  type EndpointEntry,
  type PairScorer,
  type Reranker,
  type RetrievalSettings,
  type Retrieve,
  type TrainingRecord,
} from "../contracts/index.ts";
import {
  createOpenAiTrainer,
  createTrlTrainer,
  openExampleLength,
  openExampleView,
  readRemoteModel,
  trainAdapter,
  type Trainer,
} from "../training/index.ts";
import { describeChunking } from "./chunking.ts";
import type { Context } from "./context.ts";
import type { IndexSpec } from "./index-spec.ts";
import type { OpenIndex, Parts, Training } from "./parts.ts";
import type { RetrievalWay } from "./retrieval-way.ts";
import { readGlossary } from "./read-glossary.ts";
import { planWarnings } from "./plan-warnings.ts";
import { readGraph } from "./steps/update-graph.ts";
import { projectDate } from "./steps/project-date.ts";
import { spentSoFar } from "./steps/answer-questions.ts";

/**
 * The one place where it is decided what a run is made of. Rooms with native code are loaded here and not before:
 * `lorag doctor` must run where they do not load, and an error in lorag.yaml need not wait for them.
 */
export async function assemble(context: Context): Promise<Parts> {
  const { project, signal, onProgress } = context;
  const models = await import("../models/index.ts");
  const inference = await import("../inference/index.ts");
  const retrieval = await import("../retrieval/index.ts");
  const { modelName: nameOf, entryOf } = project;
  const today = once(() => projectDate(project));
  const resolve = oncePerKey(async (path) => ({
    ...(await models.resolveModel(path, { signal, onProgress })),
    today: await today(),
  }));
  /** The files of a model of this machine. Throws LORAG_NOT_TUNABLE for an endpoint. */
  const resolveLocal = async (model: string | undefined) => {
    const entry = entryOf(model);
    if (typeof entry !== "string") throw notTunable(nameOf(model));
    return resolve(entry);
  };
  const opened: { close: () => Promise<void> }[] = [];
  const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const language = project.config.language === "auto" ? undefined : project.config.language;
  const { budget } = project.config;
  // Only a limit asks what earlier answers cost: without one, none of them is read for it.
  const spent = budget === undefined ? 0 : await spentSoFar(project.output);
  const spending = inference.createSpending({ ...(budget !== undefined && { limit: budget }), spent });
  const embedder = oncePerKey(async (name) => {
    const entry = project.entryOf(name);
    return keep(
      typeof entry === "string"
        ? await inference.createEmbedder({ model: await resolve(entry) })
        : await inference.createEndpointEmbedder({ entry, spending }),
    );
  });
  const tunedEmbedder = async (name: string, folder: string) => {
    const model = await models.withWeights(await resolveLocal(name), folder);
    return keep(await inference.createEmbedder({ model }));
  };
  const { arithmetic } = project.config;
  const generator = oncePerKey(async (name): Promise<ChatModel & Partial<AdapterHost>> => {
    const entry = project.entryOf(name);
    return keep(
      typeof entry === "string"
        ? await inference.createLocalModel({ model: await resolve(entry), arithmetic })
        : inference.createEndpointModel({ entry, spending }),
    );
  });
  /** By another trainer than the engine here. */
  const trainElsewhere = async (
    trainer: Trainer,
    { adapter, examples }: Training,
    { signal, onProgress, warn }: Context,
  ): Promise<TrainingRecord> => {
    const { record } = await trainer.train(
      { ...examples, ...adapter },
      {
        signal,
        onMessage: (message) => warn({ code: "LORAG_REMOTE_TRAINING", message }),
        onStep: ({ step, steps }) =>
          onProgress({ step: `Training ${adapter.key}`, done: step, total: steps, unit: "steps" }),
      },
    );
    return record;
  };
  const tunedModels = new Map<string, Promise<ChatModel>>();
  const tunedGenerator = (name: string | undefined, folder: string): Promise<ChatModel> =>
    kept(tunedModels, folder, async () => {
      const entry = entryOf(name);
      const remote = await readRemoteModel(folder);
      if (typeof entry !== "string" && remote !== undefined)
        return keep(inference.createEndpointModel({ entry: { ...entry, model: remote }, spending }));
      const model = await models.withWeights(await resolveLocal(name), folder);
      return keep(await inference.createLocalModel({ model, arithmetic }));
    });
  const classifiers = new Map<string, Promise<Classifier>>();
  const indexes = new Map<string, Promise<OpenIndex>>();
  const index = (spec: IndexSpec): Promise<OpenIndex> =>
    kept(indexes, spec.folder, async () => {
      const made = await (spec.tuned === undefined
        ? embedder(spec.embeddingModel)
        : tunedEmbedder(spec.embeddingModel, spec.tuned));
      const identity = retrieval.indexIdentity(
        made.identity,
        describeChunking(spec, project.config),
        language,
      );
      const store = await retrieval.openLanceStore(spec.folder, {
        identity,
        dimensions: made.dimensions,
        ...(language && { language }),
      });
      return { store: keep(store), embedder: made, identity };
    });

  const reranker = oncePerKey(async (name): Promise<PairScorer> => {
    const entry = project.entryOf(name);
    if (typeof entry !== "string") throw noReranker(name);
    return keep(await inference.createPairScorer({ model: await resolve(entry) }));
  });
  const openRetriever = async ({
    index: spec,
    settings,
    byGraph,
    model,
  }: RetrievalWay): Promise<Retrieve> => {
    const { store, embedder } = await index(spec);
    const { mode, fusion, dense_weight: denseWeight, diversity, rewrite } = settings;
    const reranked =
      settings.reranker === undefined
        ? undefined
        : settings.reranker === "sentences"
          ? retrieval.createSentenceReranker(embedder)
          : retrieval.createCrossEncoderReranker(await reranker(settings.reranker));
    const options = {
      store,
      embedder,
      ...(diversity !== undefined && { diversity }),
      ...(rewrite !== "none" && {
        rewrite: retrieval.createQueryRewriter(await generator(nameOf(model)), rewrite),
      }),
    };
    const plain = (chosen: RetrievalSettings["mode"], last?: Reranker): Retrieve =>
      retrieval.createRetriever({
        ...options,
        mode: chosen,
        fusion,
        denseWeight,
        ...(last && { reranker: last }),
      });
    if (!byGraph) return plain(mode, reranked);
    const graphs = await import("../graph/index.ts");
    return graphs.createGraphRetriever({
      graph: await readGraph(spec.folder, embedder),
      embed: (texts) => embedder.embed(texts),
      plain: plain(mode),
      vectors: { name: "vector", search: retrieval.createRetriever({ store, embedder, mode: "vector" }) },
      ...(reranked && { reranker: reranked }),
    });
  };

  return {
    checkModel: async (model) => {
      const entry = entryOf(model);
      if (typeof entry === "string") await models.checkModel(entry, models.parseModelConfig);
    },
    checkEmbeddingModel: async ({ embeddingModel }) => {
      const entry = project.entryOf(embeddingModel);
      if (typeof entry === "string") await models.checkModel(entry, models.parseEncoderConfig);
      else await inference.checkEndpoint(entry, { signal });
    },
    fetchModel: async (model) => {
      const entry = entryOf(model);
      if (typeof entry === "string") await resolve(entry);
    },
    localModel: resolveLocal,
    embedder,
    index,
    generator: (model, tuned) =>
      tuned === undefined ? generator(nameOf(model)) : tunedGenerator(model, tuned),
    classifier: (model, folder) =>
      kept(classifiers, folder, async () =>
        keep(
          await inference.createClassifier({
            model: await resolveLocal(model),
            folder,
            arithmetic,
          }),
        ),
      ),
    modelIdentity: async (model) => {
      const entry = entryOf(model);
      if (typeof entry !== "string") return identityOfEndpoint(entry);
      const found = await models.findModel(entry);
      return found?.source === "local" ? found.fingerprint : nameOf(model);
    },
    updateIndex: retrieval.indexDocuments,
    retrieve: (way): Retrieve => {
      const open = once(() => openRetriever(way));
      return async (question, limit) => (await open())(question, limit);
    },
    glossary: once(() => readGlossary(project)),
    cite: retrieval.checkCitations,
    exampleLength: async (model) => openExampleLength(await resolveLocal(model)),
    exampleView: async (model) => openExampleView(await resolveLocal(model)),
    train: async (training, context) => {
      const { adapter, examples } = training;
      const where = project.config.training;
      if (where.backend === "openai") {
        const entry = entryOf(adapter.model);
        if (typeof entry === "string") throw notRemote(nameOf(adapter.model));
        return trainElsewhere(createOpenAiTrainer({ entry }), training, context);
      }
      if (where.backend === "trl")
        return trainElsewhere(createTrlTrainer(await resolveLocal(adapter.model), where), training, context);
      const { signal, onProgress, warn } = context;
      return trainAdapter({
        ...adapter,
        ...examples,
        model: await resolveLocal(adapter.model),
        step: `Training ${adapter.key}`,
        signal,
        onProgress,
        onFault: (fault) => warn({ code: "LORAG_LOSS_SPIKE", message: `Training ${adapter.key}: ${fault}` }),
        onPlan: (plan) => planWarnings(plan, adapter.key, adapter.settings).forEach(warn),
      });
    },
    close: async () => {
      for (const part of opened.reverse()) await part.close();
    },
  };
}

/** All that an endpoint's answers depend on. */
const identityOfEndpoint = ({ endpoint, model, body, reasoning_tokens }: EndpointEntry): string =>
  JSON.stringify([endpoint, model, body ?? {}, reasoning_tokens]);

function notRemote(name: string): LoragError {
  return new LoragError({
    code: "LORAG_NOT_REMOTE",
    kind: "config",
    message: `training.backend is openai, and the model ${name} is one of this machine, not behind an endpoint`,
    next: "Give the tuned arm (or base_model) a model of `models` with an `endpoint`, or set training.backend to local.",
  });
}

function notTunable(name: string): LoragError {
  return new LoragError({
    code: "LORAG_NOT_TUNABLE",
    kind: "config",
    message: `The model ${name} is behind an endpoint, where lorag cannot tune it`,
    next: "Give the arm a model of this machine, leave out its tuning, or set training.backend to openai where the endpoint tunes models.",
  });
}

function noReranker(name: string): LoragError {
  return new LoragError({
    code: "LORAG_NO_RERANKER",
    kind: "config",
    message: `The reranker ${name} is behind an endpoint, which has no way to rerank`,
    next: "Give `retrieval.reranker` a cross-encoder of this machine, or `sentences`.",
  });
}

/** The value that a map keeps under a key, made where there is none; a failure is not kept. */
function kept<Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = values.get(key);
  if (known) return known;
  const value = make();
  values.set(key, value);
  value.catch(() => values.delete(key));
  return value;
}

/** Makes each key's value at the first call for it. */
function oncePerKey<Value>(make: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const values = new Map<string, Promise<Value>>();
  return (key) => kept(values, key, () => make(key));
}

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  const get = oncePerKey(make);
  return () => get("");
};
