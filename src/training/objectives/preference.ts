import { LoragError, type Example } from "../../contracts/index.ts";
import { nameFile, type BatchShape } from "../../models/index.ts";
import { randomStream, shuffle } from "../../random/index.ts";
import type { Batches } from "../batches.ts";
import { openPreferenceTrainable } from "../preference-trainable.ts";
import { encodeExamples, inputLength, scoredCount, type EncodedExample } from "./encode.ts";
import { encodeOptions } from "./model-encoding.ts";
import { openDecoderRun } from "./next-token.ts";
import type { Objective } from "./objective.ts";
import { fillBatch, type BatchPlan, type PackedBatch } from "./pack.ts";
import { sharedLength } from "./shared-prefix.ts";

/** A prompt with its better and its worse answer. */
interface Pair {
  better: EncodedExample;
  worse: EncodedExample;
}

/** Pairs in a batch, as sequences of other methods. */
const pairsPerBatch = 8;
const worseMark = " (rejected)";

/** A decoder learns which of two answers is better (DPO). */
export const preference: Objective<PackedBatch> = (model, job) => {
  const { settings } = job;
  const encoding = encodeOptions(model);
  const read = (examples: Example[], what: "training" | "validation") =>
    encodeExamples(pairSequences(examples), encoding, settings.sequence_len, what);
  const [train, validation] = [read(requirePairs(job.train), "training"), read(job.validation, "validation")];
  const trainPairs = pairUp(train.examples, job.train);
  const validationPairs = pairUp(validation.examples, job.validation);
  if (trainPairs.length === 0) throw noPairs(job.train.length);
  const shape = shapePairs([...trainPairs, ...validationPairs]);
  return {
    examples: {
      count: trainPairs.length,
      tooLong: [...train.tooLong, ...validation.tooLong],
      longest: Math.max(train.longest, validation.longest),
      tokens: trainPairs.reduce((sum, pair) => sum + pairLength(pair), 0),
    },
    train: pairBatches(trainPairs, shape),
    validation: pairBatches(validationPairs, shape),
    identity: [
      shape,
      ...[trainPairs, validationPairs].map((pairs) =>
        pairs.map(({ better, worse }) => [better.completionStart, [...better.ids], [...worse.ids]]),
      ),
    ],
    open: () =>
      nameFile(model.path, () =>
        openDecoderRun(model, job, shape, encoding.tokenize, (options) =>
          openPreferenceTrainable({
            ...options,
            pairs: pairsPerBatch,
            worseMark,
          }),
        ),
      ),
  };
};

/** Both answers of each pair, one after another. */
function pairSequences(examples: readonly Example[]): Example[] {
  return examples.flatMap((example) => {
    const { id, rejected } = example;
    if (rejected === undefined) return [];
    return [example, { ...example, id: id + worseMark, completion: rejected }];
  });
}

/** Pairs of which neither answer was too long. Throws LORAG_EQUAL_PAIR where people or the model read the two as one. */
function pairUp(sequences: readonly EncodedExample[], examples: readonly Example[]): Pair[] {
  const encoded = new Map(sequences.map((sequence) => [sequence.id, sequence]));
  return examples.flatMap(({ id, completion, rejected }) => {
    const [better, worse] = [encoded.get(id), encoded.get(id + worseMark)];
    if (completion.trim() === rejected?.trim()) throw equalPair(id, completion);
    if (!better || !worse) return [];
    if (better.ids.join() === worse.ids.join()) throw equalPair(id, completion);
    return [{ better, worse }];
  });
}

/** Tokens of a row that holds both, their beginning once. */
const pairLength = ({ better, worse }: Pair): number =>
  inputLength(better) + inputLength(worse) - sharedLength(better, worse);

/** Rows that hold the longest pair, so many that a batch has about its pairs. */
function shapePairs(pairs: readonly Pair[]): BatchShape {
  const lengths = pairs.map(pairLength);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const length = Math.ceil(longest / 32) * 32;
  const average = lengths.reduce((sum, each) => sum + each, 0) / lengths.length;
  const batch = Math.max(1, Math.min(pairsPerBatch, Math.ceil((1.15 * average * pairsPerBatch) / length)));
  const mostScored = pairs.reduce(
    (most, { better, worse }) => Math.max(most, scoredCount(better) + scoredCount(worse)),
    0,
  );
  return { batch, length, scored: pairsPerBatch * mostScored };
}

/** Pairs in random order, both answers in one row, the row with room first. */
function pairBatches(pairs: readonly Pair[], shape: BatchShape): Batches<PackedBatch> {
  const sequences = pairs.flatMap(({ better, worse }) => [better, worse]);
  return (stream) => {
    const plans: BatchPlan[] = [];
    let rows: { members: number[]; tokens: number }[] = [];
    let count = 0;
    const close = (): void => {
      if (rows.length > 0) plans.push(rows.map(({ members }) => members));
      [rows, count] = [[], 0];
    };
    for (const number of shuffle([...pairs.keys()], randomStream(...stream))) {
      const tokens = pairLength(pairs[number]!);
      const fits = () => rows.find((row) => row.tokens + tokens <= shape.length);
      if (count === pairsPerBatch || (!fits() && rows.length === shape.batch)) close();
      const row = fits() ?? { members: [], tokens: 0 };
      if (row.tokens === 0) rows.push(row);
      row.members.push(2 * number, 2 * number + 1);
      row.tokens += tokens;
      count++;
    }
    close();
    return plans.map((plan) => () => {
      const batch = fillBatch(plan, sequences, shape);
      return { ...batch, count: batch.exampleIds.length / 2 };
    });
  };
}

function requirePairs(examples: Example[]): Example[] {
  if (examples.some(({ rejected }) => rejected !== undefined)) return examples;
  throw noPairs(examples.length);
}

function noPairs(count: number): LoragError {
  return new LoragError({
    code: "LORAG_NO_PAIRS",
    kind: "data",
    message: `None of the ${count} training examples that fit has a rejected answer to prefer its own to`,
    next: "Give preference pairs, with the fields prompt, chosen and rejected (examples.md), or leave out `rl: dpo`.",
  });
}

function equalPair(id: string, answer: string): LoragError {
  return new LoragError({
    code: "LORAG_EQUAL_PAIR",
    kind: "data",
    message: `The chosen and the rejected answer of example ${id} are the same: ${JSON.stringify(answer.trim().slice(0, 80))}`,
    next: "Correct the pair, or leave it out: it says nothing of what is better.",
  });
}
