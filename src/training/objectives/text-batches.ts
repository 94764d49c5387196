import { fitTexts, type TextShape } from "../../models/index.ts";
import { randomStream, shuffle } from "../../random/index.ts";
import type { Batch, Batches } from "../batches.ts";

/** Texts that share a batch. */
export interface TextBatch extends Batch {
  /** The numbers of their examples, in order of place. */
  members: number[];
}

/** A text as a model reads it. */
export interface EncodedText {
  /** Of its example. */
  id: string;
  ids: Int32Array;
}

/** Rows are filled about this well by texts in random order. */
const slack = 1.15;

/** The shape of all batches, of about `perBatch` texts. */
export function shapeTexts(texts: readonly EncodedText[], perBatch: number): TextShape {
  const lengths = texts.map(({ ids }) => ids.length);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const length = Math.max(16, Math.ceil(longest / 16) * 16);
  const batch = Math.max(1, Math.min(perBatch, Math.ceil((slack * average * perBatch) / length)));
  return { batch, length, texts: perBatch };
}

/**
 * `members` of the examples, shuffled, as many to a batch as its rows take. `textsOf` says which texts a batch of some members
 * has, in order of place.
 */
export const textBatches =
  (
    members: readonly number[],
    textsOf: (members: readonly number[]) => readonly EncodedText[],
    shape: TextShape,
  ): Batches<TextBatch> =>
  (stream) => {
    const batches: number[][] = [];
    let batch: number[] = [];
    const fits = (numbers: number[]): boolean =>
      fitTexts(
        textsOf(numbers).map(({ ids }) => ids.length),
        shape,
      ) !== undefined;
    for (const member of shuffle([...members], randomStream(...stream))) {
      if (!fits([...batch, member])) {
        batches.push(batch);
        batch = [];
      }
      batch.push(member);
    }
    if (batch.length > 0) batches.push(batch);
    return batches.map((numbers) => () => ({
      members: numbers,
      count: numbers.length,
      exampleIds: numbers.map((number) => textsOf([number])[0]!.id),
      tokens: textsOf(numbers).reduce((sum, { ids }) => sum + ids.length, 0),
    }));
  };
