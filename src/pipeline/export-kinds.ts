import { join } from "node:path";
import type { Adapter, OpenModel, ResolvedModel } from "../models/index.ts";
import type { WriteMember } from "../platform/index.ts";

/** What a written folder is opened as again: another model, or an adapter beside the same one. */
export interface Reopened {
  /** The path of a model; absent: the base model. */
  model?: string;
  adapter?: string;
}

export interface ExportJob {
  /** Open, its weights the base's. */
  base: OpenModel;
  resolved: ResolvedModel;
  adapter: Adapter;
  type: "F32" | "F16" | "Q8_0";
  /** What a Modelfile says besides. */
  chat: { system: string; maxTokens: number };
  write: WriteMember;
}

interface ExportKind {
  label: string;
  write: (models: typeof import("../models/index.ts"), job: ExportJob) => Promise<void>;
  reopen: (folder: string) => Reopened;
}

const ggufName = "model.gguf";

/** Forms that a tuned model can be written in: a new one is a row here. */
export const exportKinds = {
  peft: {
    label: "an adapter for PEFT, vLLM and lorag",
    write: ({ adapterFiles }, { adapter, write }) => writeAll(adapterFiles(adapter), write),
    reopen: (folder) => ({ adapter: folder }),
  },
  merged: {
    label: "a folder for transformers, the adapter within the weights",
    write: async (models, job) =>
      models.writeCheckpointFolder(models.mergeAdapter(job.base, job.adapter), job.resolved, job.write),
    reopen: (folder) => ({ model: folder }),
  },
  "gguf-adapter": {
    label: "an adapter for llama.cpp",
    write: ({ ggufAdapterPieces }, { base, adapter, write }) =>
      write("adapter.gguf", ggufAdapterPieces(base, adapter)),
    reopen: (folder) => ({ adapter: join(folder, "adapter.gguf") }),
  },
  gguf: {
    label: "a model for llama.cpp, the adapter within the weights",
    write: writeGgufModel,
    reopen: (folder) => ({ model: join(folder, ggufName) }),
  },
  ollama: {
    label: "a model for Ollama with its Modelfile",
    write: async (models, job) => {
      await writeGgufModel(models, job);
      await job.write("Modelfile", models.ollamaModelfile(job.base, { from: `./${ggufName}`, ...job.chat }));
    },
    reopen: (folder) => ({ model: join(folder, ggufName) }),
  },
} as const satisfies Record<string, ExportKind>;

export type ExportKindName = keyof typeof exportKinds;

function writeGgufModel(models: typeof import("../models/index.ts"), job: ExportJob): Promise<void> {
  return job.write(ggufName, models.ggufModelPieces(models.mergeAdapter(job.base, job.adapter), job.type));
}

async function writeAll(files: ReadonlyMap<string, string | Uint8Array>, write: WriteMember): Promise<void> {
  for (const [name, content] of files) await write(name, content);
}
