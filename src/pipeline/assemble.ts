import type { Retrieve } from "../contracts/index.ts";
import { openExampleLength, trainAdapter } from "../training/index.ts";
import type { Context } from "./context.ts";
import type { IndexSpec } from "./index-spec.ts";
import type { OpenIndex, Parts } from "./parts.ts";
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
  const nameOf = (model: string | undefined): string => model ?? project.config.base_model;
  const pathOf = (model: string | undefined): string => project.pathOfModel(nameOf(model));
  const resolve = oncePerKey((path) => models.resolveModel(path, { signal, onProgress }));
  const opened: { close: () => Promise<void> }[] = [];
  const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const language = project.config.language === "auto" ? undefined : project.config.language;
  const embedder = oncePerKey(async (path) =>
    keep(await inference.createEmbedder({ model: await resolve(path) })),
  );
  const generator = oncePerKey(async (path) =>
    keep(
      await inference.createLocalModel({
        model: await resolve(path),
        arithmetic: project.config.arithmetic,
      }),
    ),
  );
  const indexes = new Map<string, Promise<OpenIndex>>();
  const index = ({ folder, embeddingModel, chunkTokens }: IndexSpec): Promise<OpenIndex> =>
    kept(indexes, folder, async () => {
      const made = await embedder(embeddingModel);
      const identity = retrieval.indexIdentity(made.identity, chunkTokens, language);
      const store = await retrieval.openLanceStore(folder, {
        identity,
        dimensions: made.dimensions,
        ...(language && { language }),
      });
      return { store: keep(store), embedder: made, identity };
    });

  return {
    checkModel: (model) => models.checkModel(pathOf(model), models.parseDecoderConfig),
    checkEmbeddingModel: ({ embeddingModel }) => models.checkModel(embeddingModel, models.parseEncoderConfig),
    fetchModel: async (model) => {
      await resolve(pathOf(model));
    },
    index,
    generator: (model) => generator(pathOf(model)),
    modelIdentity: async (model) => {
      const found = await models.findModel(pathOf(model));
      return found?.source === "local" ? found.fingerprint : nameOf(model);
    },
    updateIndex: retrieval.indexDocuments,
    retrieve: (spec, mode): Retrieve => {
      const open = once(async () => retrieval.createRetriever({ ...(await index(spec)), mode }));
      return async (question, limit) => (await open())(question, limit);
    },
    cite: retrieval.checkCitations,
    exampleLength: async (model) => openExampleLength(await resolve(pathOf(model))),
    train: async ({ adapter, examples }, { signal, onProgress, warn }) =>
      trainAdapter({
        ...adapter,
        ...examples,
        model: await resolve(pathOf(adapter.arm.model)),
        step: `Training ${adapter.key}`,
        signal,
        onProgress,
        onPlan: (plan) => planWarnings(plan, adapter.key, adapter.settings).forEach(warn),
      }),
    close: async () => {
      for (const part of opened.reverse()) await part.close();
    },
  };
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
