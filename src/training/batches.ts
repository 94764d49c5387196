/** A batch as the training loop sees it; what else it holds is between an objective and its graph. */
export interface Batch {
  /** How many losses it adds up: scored tokens, labelled texts, pairs. */
  count: number;
  /** Ids of the examples inside, for error messages. */
  exampleIds: string[];
  /** Places that hold a token. */
  tokens: number;
}

/**
 * Examples as they come in batches, each made when it is called for. `stream` names the order: the same names give the
 * same batches.
 */
export type Batches<Kind extends Batch = Batch> = (stream: number[]) => (() => Kind)[];

/** All examples in batches, in an order that never changes. */
export const allBatches = <Kind extends Batch>(batches: Batches<Kind>): Kind[] =>
  batches([0]).map((fill) => fill());
