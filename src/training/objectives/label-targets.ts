import { LoragError, type Example, type ProblemType } from "../../contracts/index.ts";

/** What a head is to say of each example, as numbers. */
export interface LabelTargets {
  /** In the order of the scores; of a regression none. */
  labels: string[];
  /** Of a single label its number, else one value for each score. */
  train: number[][];
  validation: number[][];
}

/** Fewer examples a label, on average, and the answers are texts of their own. */
const fewestPerLabel = 2;
const longestLabel = 100;

/**
 * Reads the golds as labels, which are those of the training examples, or as numbers.
 * Throws LORAG_NOT_LABELS where they are none, LORAG_ONE_LABEL, LORAG_UNSEEN_LABEL.
 */
export function labelTargets(
  train: readonly Example[],
  validation: readonly Example[],
  problem: ProblemType,
): LabelTargets {
  if (problem === "regression") {
    const numbers = (examples: readonly Example[]) => examples.map((example) => [readNumber(example)]);
    return { labels: [], train: numbers(train), validation: numbers(validation) };
  }
  const labelsOf = problem === "multi_label_classification" ? severalLabels : oneLabel;
  const labels = [...new Set(train.flatMap(labelsOf))].sort();
  checkLabels(labels, train);
  const numbers = new Map(labels.map((label, number) => [label, number]));
  const targetsOf = (example: Example): number[] => {
    const own = labelsOf(example).map((label) => numbers.get(label) ?? unseen(label, example));
    if (problem === "single_label_classification") return own;
    return labels.map((_, number) => (own.includes(number) ? 1 : 0));
  };
  return { labels, train: train.map(targetsOf), validation: validation.map(targetsOf) };
}

const oneLabel = ({ completion }: Example): string[] => [completion.trim()];

/** Parted by semicolons; none is an answer, too. */
const severalLabels = ({ completion }: Example): string[] => [
  ...new Set(
    completion
      .split(";")
      .map((label) => label.trim())
      .filter((label) => label !== ""),
  ),
];

function checkLabels(labels: string[], train: readonly Example[]): void {
  if (labels.length === 1) {
    throw new LoragError({
      code: "LORAG_ONE_LABEL",
      kind: "data",
      message: `All ${train.length} training examples have the one label ${JSON.stringify(labels[0])}: there is nothing to tell apart`,
      next: "Add examples of another label, or drop the arm: every question has that answer.",
    });
  }
  const long = labels.find((label) => label.length > longestLabel);
  if (long === undefined && train.length >= labels.length * fewestPerLabel && labels.length > 0) return;
  throw new LoragError({
    code: "LORAG_NOT_LABELS",
    kind: "data",
    message:
      long === undefined
        ? `The answers are no labels: ${train.length} training examples have ${labels.length} different ones`
        : `The answers are no labels: one has ${long.length} characters, ${JSON.stringify(`${long.slice(0, 60)}…`)}`,
    next: "A head says one of the answers of its training examples. Where answers are texts, use an arm that writes, such as `tuned`.",
  });
}

function unseen(label: string, { id }: Example): never {
  throw new LoragError({
    code: "LORAG_UNSEEN_LABEL",
    kind: "data",
    message: `The validation example ${id} has the label ${JSON.stringify(label)}, which no training example has`,
    next: "Add training examples of it, or leave it out; `split_by: type` with the label as type gives each part its share.",
  });
}

function readNumber({ id, completion }: Example): number {
  const text = completion.trim();
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  throw new LoragError({
    code: "LORAG_NOT_LABELS",
    kind: "data",
    message: `The answer of example ${id} is no number: ${JSON.stringify(text.slice(0, 60))}`,
    next: "For a regression every answer is a bare number, such as 3.5; units go into the question.",
  });
}
