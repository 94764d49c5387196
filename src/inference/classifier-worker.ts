import { join } from "node:path";
import { LoragError, type Classification, type Message } from "../contracts/index.ts";
import { openSession, type Session, type TypedTensor } from "../engine/index.ts";
import {
  bindAdapter,
  buildVectorsGraph,
  lora,
  nameFile,
  openModel,
  openTextModel,
  packTexts,
  readHead,
  writeGraph,
  type Arithmetic,
  type Head,
  type ResolvedModel,
  type TextModel,
} from "../models/index.ts";
import { cacheFolder, serveWorker, type Emit } from "../platform/index.ts";
import { classifyVector } from "./classify-vector.ts";

export interface OpenClassifier {
  model: ResolvedModel;
  /** Where the head lies. */
  folder: string;
  arithmetic: Arithmetic;
  threads: number;
}

interface Opened {
  head: Head;
  encode: TextModel["encode"];
  vectorOf: (ids: Int32Array) => Promise<Float32Array>;
}

let opened: Opened | undefined;

const methods = {
  async open(_emit: Emit<never>, options: OpenClassifier): Promise<void> {
    const model = await openModel(options.model);
    const head = await readHead(options.folder);
    const textModel = await nameFile(model.path, () => openTextModel(model, options.model));
    if (textModel.hiddenSize !== head.hiddenSize) throw otherModel(model.name, textModel, head);
    const compiled = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
    const backbone = await nameFile(model.path, () => textModel.compile(compiled, options.arithmetic));
    model.weights.close();
    const shape = { batch: 1, length: head.maxTokens, texts: 1 };
    const { adapter } = head;
    const tuning = adapter && lora({ ...adapter, targets: adapterTargets(head) });
    const { onnx, layout } = buildVectorsGraph(backbone, shape, tuning);
    const parameters = adapter && bindAdapter(layout, adapter);
    const session: Session = await openSession(await writeGraph(compiled, "vectors", onnx), {
      threads: options.threads,
    });
    const feeds: Record<string, TypedTensor> = parameters
      ? { parameters: { dtype: "float32", shape: [parameters.length], data: parameters } }
      : {};
    opened = {
      head,
      encode: textModel.encode,
      vectorOf: async (ids) => {
        const { vectors } = await session.run({
          ...packTexts([ids], shape, head.pooling, backbone.inputs),
          ...feeds,
        });
        return vectors!.data as Float32Array;
      },
    };
  },

  async classify(_emit: Emit<never>, messages: Message[]): Promise<Classification> {
    const { head, encode, vectorOf } = opened!;
    const ids = encode(messages, head.maxTokens);
    return { ...classifyVector(head, await vectorOf(ids)), tokens: ids.length };
  },
};
export type ClassifierMethods = typeof methods;
serveWorker<never>(methods);

/** The modules that it has tensors for. */
const adapterTargets = ({ adapter }: Head): string[] => [
  ...new Set([...adapter!.tensors.keys()].map((name) => /^base_model\.model\.(.+)\.lora_/.exec(name)![1]!)),
];

function otherModel(name: string, model: TextModel, head: Head): LoragError {
  return new LoragError({
    code: "LORAG_ADAPTER_MISMATCH",
    kind: "data",
    message: `The head reads vectors of ${head.hiddenSize} numbers, and ${name} makes ones of ${model.hiddenSize}`,
    next: `Use it with the model that it was trained on, ${head.baseModel}.`,
  });
}
