import { LoragError, type Example } from "../../contracts/index.ts";
import { nameFile, openTextModel, writeHead, type HeadShape, type TextModel } from "../../models/index.ts";
import { openHeadTrainable } from "../head-trainable.ts";
import { adapterOf, loraConfig, tensorsOf } from "../methods/lora.ts";
import { probeHead } from "../probe-head.ts";
import { labelTargets } from "./label-targets.ts";
import type { Objective } from "./objective.ts";
import { shapeTexts, type EncodedText, type TextBatch } from "./text-batches.ts";
import { openBackbone, readTexts } from "./text-task.ts";

/** Texts in a batch: the usual size for encoders. */
const textsPerBatch = 16;

/** A head on an encoder or a decoder learns to say the completions, which are labels or numbers. */
export const classify: Objective<TextBatch> = async (model, job) => {
  const { settings } = job;
  const textModel = await nameFile(model.path, () => openTextModel(model, job.model));
  const targets = labelTargets(job.train, job.validation, settings.problem_type);
  const texts = encodeTexts([...job.train, ...job.validation], textModel, settings.sequence_len);
  const textsOf = (members: readonly number[]) => members.map((number) => texts[number]!);
  const shape = shapeTexts(texts, textsPerBatch);
  const head: HeadShape = {
    problem: settings.problem_type,
    outputs: targets.labels.length || 1,
    inputs: textModel.hiddenSize,
    bias: textModel.kind === "encoder",
  };
  const tuning = settings.freeze_base ? undefined : loraConfig(settings);
  const read = readTexts(texts.length, job.train.length, textsOf, shape);
  return {
    ...read,
    identity: [shape, targets, texts.map(({ ids }) => [...ids])],
    open: async (isStopped) => {
      const { folder, backbone } = await openBackbone(model, textModel, settings.arithmetic);
      const options = {
        folder,
        threads: job.threads,
        backbone,
        shape,
        head,
        texts: texts.map(({ ids }) => ids),
        targets: [...targets.train, ...targets.validation],
        pooling: textModel.pooling,
      };
      const start = tuning && isStopped && (await probeHead(options, settings, read, isStopped));
      if (start === "stopped") return undefined;
      const trainable = openHeadTrainable({ ...options, tuning, settings, start });
      return {
        trainable,
        save: async (parameters) => {
          const tensors = [...tensorsOf(trainable.layout, parameters)];
          const isHead = (name: string) => name.startsWith("score.");
          await writeHead(job.folder, {
            baseModel: model.name,
            problem: head.problem,
            labels: targets.labels,
            pooling: textModel.pooling,
            maxTokens: shape.length,
            hiddenSize: head.inputs,
            tensors: new Map(tensors.filter(([name]) => isHead(name))),
            ...(tuning && {
              adapter: adapterOf(model, tuning, new Map(tensors.filter(([name]) => !isHead(name)))),
            }),
          });
        },
      };
    },
  };
};

function encodeTexts(examples: readonly Example[], model: TextModel, sequenceLength: number): EncodedText[] {
  const most = Math.min(sequenceLength, model.maxTokens);
  return examples.map(({ id, prompt }) => {
    const ids = model.encode(prompt, most);
    if (ids.length === 0) throw emptyText(id);
    return { id, ids };
  });
}

function emptyText(id: string): LoragError {
  return new LoragError({
    code: "LORAG_EMPTY_COMPLETION",
    kind: "data",
    message: `Nothing of the question of example ${id} is left for the model to read`,
    next: "Check the question.",
  });
}
