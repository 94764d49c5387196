import { join } from "node:path";
import { modelEntry, type Embedder, type Retrieve } from "../contracts/index.ts";
import type { RetrievalMode } from "../retrieval/index.ts";
import { openExampleLength, openExampleView, trainAdapter } from "../training/index.ts";
import type { Context } from "./context.ts";
import type { Parts } from "./parts.ts";
import { planWarnings } from "./plan-warnings.ts";

/**
 * The one place where it is decided what a run is made of. Rooms with native code are loaded here and not before:
 * `lorag doctor` must run where they do not load, and an error in lorag.yaml need not wait for them.
 */
export async function assemble(context: Context): Promise<Parts> {
  const { project, signal, onProgress } = context;
  const models = await import("../models/index.ts");
  const inference = await import("../inference/index.ts");
  const retrieval = await import("../retrieval/index.ts");
  const resolve = (name: string) => models.resolveModel(name, { signal, onProgress });
  const baseModel = once(() => resolve(project.baseModel));
  const opened: { close: () => Promise<void> }[] = [];
  const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const language = project.config.language === "auto" ? undefined : project.config.language;
  const identityOf = (embedder: Embedder): string =>
    retrieval.indexIdentity(embedder.identity, project.config.retrieval.chunk_tokens, language);
  const { models: named, budget } = project.config;
  const spending = inference.createSpending({ ...(budget !== undefined && { limit: budget }) });
  const embedding = modelEntry(named, project.embeddingModel);
  const embedder = once(async () =>
    keep(
      typeof embedding === "string"
        ? await inference.createEmbedder({ model: await resolve(embedding) })
        : await inference.createEndpointEmbedder({ entry: embedding, spending }),
    ),
  );
  const generator = once(async () =>
    keep(
      await inference.createLocalModel({ model: await baseModel(), arithmetic: project.config.arithmetic }),
    ),
  );
  const store = once(async () => {
    const made = await embedder();
    const options = {
      identity: identityOf(made),
      dimensions: made.dimensions,
      ...(language && { language }),
    };
    return keep(await retrieval.openLanceStore(join(project.output, "index"), options));
  });
  const retriever = (mode: RetrievalMode): Retrieve => {
    const open = once(async () =>
      retrieval.createRetriever({ store: await store(), embedder: await embedder(), mode }),
    );
    return async (question, limit) => (await open())(question, limit);
  };

  return {
    checkBaseModel: () => models.checkModel(project.baseModel, models.parseDecoderConfig),
    checkEmbeddingModel: async () => {
      if (typeof embedding === "string") await models.checkModel(embedding, models.parseEncoderConfig);
      else await inference.checkEndpoint(embedding, { signal });
    },
    fetchBaseModel: async () => {
      await baseModel();
    },
    embedder,
    store,
    generator,
    baseModelIdentity: once(async () => {
      const found = await models.findModel(project.baseModel);
      return found?.source === "local" ? found.fingerprint : project.config.base_model;
    }),
    indexIdentity: identityOf,
    updateIndex: retrieval.indexDocuments,
    retrieve: retriever(project.config.retrieval.mode),
    retrieveByWords: retriever("bm25"),
    cite: retrieval.checkCitations,
    exampleLength: once(async () => openExampleLength(await baseModel())),
    exampleView: once(async () => openExampleView(await baseModel())),
    train: async ({ arm, examples, ...job }, { signal, onProgress, warn }) =>
      trainAdapter({
        ...job,
        ...examples,
        model: await baseModel(),
        step: `Training ${arm}`,
        signal,
        onProgress,
        onPlan: (plan) => planWarnings(plan, arm, job.settings).forEach(warn),
      }),
    close: async () => {
      for (const part of opened.reverse()) await part.close();
    },
  };
}

/** Makes the value at the first call; a failure is not kept. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () =>
    (value ??= make().catch((error: unknown) => {
      value = undefined;
      throw error;
    }));
}
