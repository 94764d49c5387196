import { openSession, type Session, type TypedTensor } from "../engine/index.ts";
import { buildEvaluationGraph, buildPreferenceGraph, writeGraph } from "../models/index.ts";
import { randomStream } from "../random/index.ts";
import { packedFeeds, type DecoderTrainable, type DecoderTrainableOptions } from "./decoder-trainable.ts";
import { floats, openGraphTrainable } from "./graph-trainable.ts";
import type { PackedBatch } from "./objectives/pack.ts";
import { sureAndWrong } from "./trainable.ts";

export interface PreferenceOptions extends DecoderTrainableOptions {
  /** Most pairs of a batch. */
  pairs: number;
  /** Ends the id of the worse sequence of a pair, which else is that of the better one. */
  worseMark: string;
}

/**
 * Trains a decoder on pairs of answers (https://arxiv.org/abs/2305.18290). The reference is the model before training, which an
 * adapter that changes nothing is: each pair passes it once.
 */
export function openPreferenceTrainable(options: PreferenceOptions): DecoderTrainable {
  const { folder, threads, shape, method, settings, pairs } = options;
  const graphOptions = { ...options, arithmetic: settings.arithmetic, tuning: method.tuning };
  const preference = { pairs, beta: settings.rl_beta };
  const smoothing = settings.label_smoothing_factor;
  const training = buildPreferenceGraph(graphOptions, { ...preference, smoothing }, true);
  const { layout } = training;
  const initialParameters = method.initialize(layout, randomStream(settings.seed));

  let session: Promise<Session> | undefined;
  const open = async (): Promise<Session> =>
    openSession(await writeGraph(folder, "reference", buildEvaluationGraph(graphOptions).onnx), { threads });
  /** Of each pair of a batch, in order of place, its sequences; and by how many nats the reference prefers the better one. */
  const references = new Map<string, number>();
  /** By how many nats a pair's better answer is the likelier one. */
  const preferenceOf = ({ signs }: Pairing, pair: number, losses: Float32Array): number =>
    signs
      .subarray(pair * shape.scored, (pair + 1) * shape.scored)
      .reduce((sum, sign, place) => sum - sign * losses[place]!, 0);
  const referenceOf = async (batch: PackedBatch, grouped: Pairing): Promise<Float32Array> => {
    if (grouped.ids.some((id) => !references.has(id))) {
      const { losses } = await (
        await (session ??= open())
      ).run(
        {
          ...packedFeeds(batch, shape),
          weights: floats(new Float32Array(shape.scored)),
          parameters: floats(initialParameters),
        },
        ["losses"],
      );
      const values = losses!.data as Float32Array;
      for (const [pair, id] of grouped.ids.entries()) references.set(id, preferenceOf(grouped, pair, values));
    }
    return Float32Array.from({ length: pairs }, (_, pair) => references.get(grouped.ids[pair] ?? "") ?? 0);
  };

  const trainable = openGraphTrainable<PackedBatch>({
    folder,
    threads,
    training,
    evaluation: () => buildPreferenceGraph(graphOptions, preference, false),
    feeds: async (batch, scale): Promise<Record<string, TypedTensor>> => {
      const grouped = pairPlaces(batch, pairs, shape.scored, options.worseMark);
      return {
        ...packedFeeds(batch, shape),
        signs: floats(grouped.signs, [pairs, shape.scored]),
        reference: floats(await referenceOf(batch, grouped)),
        weights: floats(new Float32Array(pairs).fill(scale, 0, batch.count)),
      };
    },
    measures: {
      outputs: ["losses"],
      of: ({ losses }, batch) => {
        const grouped = pairPlaces(batch, pairs, shape.scored, options.worseMark);
        const margins = grouped.ids.map(
          (id, pair) =>
            settings.rl_beta *
            (preferenceOf(grouped, pair, losses!.data as Float32Array) - references.get(id)!),
        );
        return {
          right: margins.filter((margin) => margin > 0).length,
          margin: margins.reduce((sum, margin) => sum + margin, 0),
        };
      },
    },
    rows: shape.batch * shape.length,
    dropout: method.dropout,
    initialParameters,
    groups: method.groups(layout),
    blindLoss: sureAndWrong,
  });
  return {
    ...trainable,
    layout,
    close: async () => {
      await trainable.close();
      await (await session)?.close();
    },
  };
}

interface Pairing {
  /** Of the better answers. */
  ids: string[];
  /** [pairs, scored]: 1 for the better answer's tokens, -1 for the worse one's. */
  signs: Float32Array<ArrayBuffer>;
}

function pairPlaces(
  { exampleIds, owners }: PackedBatch,
  pairs: number,
  scored: number,
  worseMark: string,
): Pairing {
  const ids = exampleIds.filter((id) => exampleIds.includes(id + worseMark));
  const signs = new Float32Array(pairs * scored);
  for (const [place, owner] of owners.entries()) {
    const id = exampleIds[owner]!;
    const better = ids.indexOf(id);
    const pair = better < 0 ? ids.findIndex((other) => other + worseMark === id) : better;
    signs[pair * scored + place] = better < 0 ? -1 : 1;
  }
  return { ids, signs };
}
