import { LoragError, type Example } from "../../contracts/index.ts";
import { nameFile, openTextModel, type TextModel } from "../../models/index.ts";
import { openContrastTrainable, tripletTexts, type Triplet } from "../contrast-trainable.ts";
import { loraConfig, saveAdapter } from "../methods/lora.ts";
import type { Objective } from "./objective.ts";
import { shapeTexts, type TextBatch } from "./text-batches.ts";
import { openBackbone, readTexts } from "./text-task.ts";

/** Triplets in a batch: each passage of one is a wrong answer to the others. */
const tripletsPerBatch = 16;

/**
 * An encoder learns to find: the completion of an example is the passage that answers its prompt, `rejected` one that does not
 * (sentence-transformers' MultipleNegativesRankingLoss). Kept as a PEFT folder.
 */
export const contrast: Objective<TextBatch> = async (model, job) => {
  const { settings } = job;
  const textModel = await nameFile(model.path, () => openTextModel(model, job.model));
  if (textModel.kind !== "encoder") throw notAnEncoder(model.name);
  const triplets = [...job.train, ...job.validation].map((example) =>
    encodeTriplet(example, textModel, settings.sequence_len),
  );
  if (job.train.length < 2) throw tooFew(job.train.length);
  const texts = triplets.flatMap((triplet) => tripletTexts([triplet], 1));
  const shape = shapeTexts(texts, 3 * tripletsPerBatch);
  const textsOf = (members: readonly number[]) =>
    tripletTexts(
      members.map((number) => triplets[number]!),
      tripletsPerBatch,
    );
  const tuning = loraConfig(settings);
  return {
    ...readTexts(triplets.length, job.train.length, textsOf, shape),
    identity: [shape, texts.map(({ ids }) => [...ids])],
    open: async () => {
      const { folder, backbone } = await openBackbone(model, textModel, "f32");
      const trainable = openContrastTrainable({
        folder,
        threads: job.threads,
        backbone,
        shape,
        tuning,
        triplets,
        pooling: textModel.pooling,
        settings,
      });
      return {
        trainable,
        save: (parameters) =>
          saveAdapter(job.folder, model, tuning, trainable.layout, parameters, "FEATURE_EXTRACTION"),
      };
    },
  };
};

function encodeTriplet(
  { id, prompt, completion, rejected }: Example,
  model: TextModel,
  sequenceLength: number,
): Triplet {
  const most = Math.min(sequenceLength, model.maxTokens);
  const passage = (content: string) => ({
    id,
    ids: model.encode([{ role: "user", content }], most, "passage"),
  });
  return {
    question: { id, ids: model.encode(prompt, most) },
    passage: passage(completion),
    negative: rejected === undefined ? { id, ids: new Int32Array(0) } : passage(rejected),
  };
}

function notAnEncoder(name: string): LoragError {
  return new LoragError({
    code: "LORAG_MODEL_CONFIG",
    kind: "config",
    message: `${name} is no embedding model, and method: embedder tunes one`,
    next: "Leave out the arm's `embedding_model`, or name a sentence encoder there.",
  });
}

function tooFew(count: number): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_EMPTY",
    kind: "data",
    message: `${count} of the training examples has a passage that answers it, and a passage is told apart from those of other questions`,
    next: "Add examples whose answers lie in the documents, or leave the embedding model as it is.",
  });
}
