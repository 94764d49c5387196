import {
  LoragError,
  type Generation,
  type GenerationRequest,
  type Message,
  type Sampling,
} from "../../contracts/index.ts";
import { createTextStream } from "../../formats/index.ts";
import {
  adapterMatrices,
  nameFile,
  openModel,
  readAdapter,
  type DecoderConfig,
  type OpenModel,
  type Arithmetic,
  type ResolvedModel,
} from "../../models/index.ts";
import { createInTurn, serveWorker, type Emit } from "../../platform/index.ts";
import { createMask } from "../constraints/constraints.ts";
import type { Vocabulary } from "../constraints/token-mask.ts";
import type { LoadedAdapter } from "./adapter-stack.ts";
import type { Decoder } from "./decoder.ts";
import { bytesPerToken } from "./key-value-cache.ts";
import { openDecoder } from "./open-decoder.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { createVocabulary } from "./vocabulary.ts";

export interface OpenOptions {
  model: ResolvedModel;
  arithmetic: Arithmetic;
  threads: number;
  maxRows: number;
  cacheMegabytes: number;
  contextLength: number | undefined;
}

/** What crosses into the worker: a request without its functions, under a number. */
export interface WorkerRequest extends Omit<GenerationRequest, "signal" | "onText" | "sampling"> {
  id: number;
  sampling: Sampling;
  /** Whether pieces of text are wanted as they come. */
  stream: boolean;
}

export type LocalModelMethods = {
  open: (emit: Emit<string>, options: OpenOptions) => Promise<void>;
  generate: (emit: Emit<string>, request: WorkerRequest) => Promise<Generation>;
  cancel: (emit: Emit<string>, id: number) => void;
  loadAdapter: (emit: Emit<string>, name: string, folder: string) => Promise<void>;
  unloadAdapter: (emit: Emit<string>, name: string) => Promise<void>;
  countTokens: (emit: Emit<string>, messages: Message[]) => number;
};

interface Opened {
  model: OpenModel;
  config: DecoderConfig;
  decoder: Decoder;
  scheduler: Scheduler;
  vocabulary: Vocabulary;
  adapters: Map<string, LoadedAdapter>;
  /** Adapters come and go in the order they are asked to: a large one takes longer to read than the next. */
  inTurn: ReturnType<typeof createInTurn>;
  cancels: Map<number, () => void>;
}

let opened: Opened | undefined;

async function open(options: OpenOptions): Promise<Opened> {
  const { maxRows, cacheMegabytes } = options;
  const model = await openModel(options.model);
  if (!model.chatTemplate) throw noChat(model.name);
  const { decoder, caches, config } = await nameFile(model.path, () => openDecoder(model, options));
  const vocabulary = createVocabulary(model);
  const cacheBytes = cacheMegabytes * 2 ** 20;
  const scheduler = createScheduler({
    decoder,
    caches,
    vocabularySize: config.vocabularySize,
    contextLength: Math.min(options.contextLength ?? Infinity, config.maxPositions),
    vocabulary,
    maxRows,
    maxTokens: Math.floor(cacheBytes / bytesPerToken(config, caches.decoding.dtype)),
    maxPrefixTokens: Math.floor(cacheBytes / 8 / bytesPerToken(config, caches.reading.dtype)),
    textStream: () => createTextStream(model.tokenizer),
  });
  return {
    model,
    config,
    decoder,
    scheduler,
    vocabulary,
    adapters: new Map(),
    inTurn: createInTurn(),
    cancels: new Map(),
  };
}

function current(): Opened {
  if (!opened) throw new Error("the generator is not open");
  return opened;
}

function encode({ model }: Opened, messages: readonly Message[]): number[] {
  return model.tokenizer.encode(model.chatTemplate!.render(messages, { prompt: true }));
}

/** Sequences in progress keep the adapter that had the name. */
async function bindAdapterName(
  { adapters, scheduler, decoder }: Opened,
  name: string,
  adapter: LoadedAdapter | undefined,
): Promise<void> {
  const before = adapters.get(name);
  if (before) scheduler.forget(before);
  if (adapter) adapters.set(name, adapter);
  else adapters.delete(name);
  await decoder.adaptersChanged([...adapters.values(), ...scheduler.adaptersInUse()]);
}

const methods: LocalModelMethods = {
  open: async (_, options) => {
    opened = await open(options);
  },
  generate: async (emit, { id, messages, adapter: name, sampling, stream, constraint, topLogprobs }) => {
    const state = current();
    const adapter = name === undefined ? undefined : state.adapters.get(name);
    if (name !== undefined && !adapter) throw unknownAdapter(name, [...state.adapters.keys()]);
    const { done, cancel } = state.scheduler.submit({
      prompt: encode(state, messages),
      adapter,
      sampling,
      topLogprobs,
      ...(constraint && { mask: createMask(constraint, state.vocabulary) }),
      ...(stream && { onText: emit }),
    });
    state.cancels.set(id, cancel);
    try {
      return await done;
    } finally {
      state.cancels.delete(id);
    }
  },
  cancel: (_, id) => current().cancels.get(id)?.(),
  loadAdapter: (_, name, folder) => {
    const state = current();
    return state.inTurn(async () => {
      const groups = await nameFile(folder, async () =>
        adapterMatrices(state.config, await readAdapter(folder)),
      );
      await bindAdapterName(state, name, { name, groups });
    });
  },
  unloadAdapter: (_, name) => {
    const state = current();
    return state.inTurn(() => bindAdapterName(state, name, undefined));
  },
  countTokens: (_, messages) => encode(current(), messages).length,
};

serveWorker<string>(methods);

function unknownAdapter(name: string, known: readonly string[]): LoragError {
  return new LoragError({
    code: "LORAG_UNKNOWN_ADAPTER",
    kind: "usage",
    message: `No adapter is loaded under the name ${JSON.stringify(name)}`,
    next: known.length > 0 ? `Loaded are: ${known.join(", ")}.` : "Load one with loadAdapter first.",
  });
}

function noChat(name: string): LoragError {
  return new LoragError({
    code: "LORAG_NO_CHAT",
    kind: "config",
    message: `The model ${name} has no chat template, so it cannot answer messages`,
    next: "Choose an instruction-tuned model, such as SmolLM2-135M-Instruct.",
  });
}
