import { join } from "node:path";
import {
  nameFile,
  type Arithmetic,
  type Backbone,
  type OpenModel,
  type TextModel,
  type TextShape,
} from "../../models/index.ts";
import { cacheFolder } from "../../platform/index.ts";
import type { Task } from "./objective.ts";
import { textBatches, type EncodedText, type TextBatch } from "./text-batches.ts";

/** What a task reads of examples, the first `trained` of `count` being trained on: `textsOf` gives the texts of some. */
export function readTexts(
  count: number,
  trained: number,
  textsOf: (members: readonly number[]) => readonly EncodedText[],
  shape: TextShape,
): Pick<Task<TextBatch>, "examples" | "train" | "validation"> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const [train, validation] = [numbers.slice(0, trained), numbers.slice(trained)];
  const lengthsOf = (members: readonly number[]): number[] =>
    members.flatMap((member) => textsOf([member]).map(({ ids }) => ids.length));
  return {
    examples: {
      count: trained,
      tooLong: [],
      longest: lengthsOf(numbers).reduce((most, length) => Math.max(most, length), 0),
      tokens: lengthsOf(train).reduce((sum, length) => sum + length, 0),
    },
    train: textBatches(train, textsOf, shape),
    validation: textBatches(validation, textsOf, shape),
  };
}

/** Compiles a model's weights and lets go of its files. */
export async function openBackbone(
  model: OpenModel,
  textModel: TextModel,
  arithmetic: Arithmetic,
): Promise<{ folder: string; backbone: Backbone }> {
  const folder = join(cacheFolder(), "compiled", model.fingerprint.slice(0, 16));
  const backbone = await nameFile(model.path, () => textModel.compile(folder, arithmetic));
  model.weights.close();
  return { folder, backbone };
}
