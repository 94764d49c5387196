import type { Example } from "../src/contracts/index.ts";
import { fitLogisticRegression } from "../src/evaluation/floors/logistic-regression.ts";
import { fitTfidf } from "../src/evaluation/floors/tfidf.ts";

/** Share of the held-out questions that TF-IDF with logistic regression gives their label. */
export function tfidfAccuracy({ train, heldOut }: { train: Example[]; heldOut: Example[] }): number {
  const textOf = ({ prompt }: Example): string => prompt.at(-1)!.content;
  const labels = [...new Set(train.map(({ completion }) => completion))];
  const vectoriser = fitTfidf(train.map(textOf));
  const classify = fitLogisticRegression(
    train.map((example) => vectoriser.transform(textOf(example))),
    train.map(({ completion }) => labels.indexOf(completion)),
    labels.length,
    vectoriser.size,
  );
  const right = heldOut.filter(
    (example) => labels[classify(vectoriser.transform(textOf(example)))] === example.completion,
  );
  return right.length / heldOut.length;
}
