import { fitLogisticRegression } from "../src/evaluation/floors/logistic-regression.ts";
import { fitTfidf } from "../src/evaluation/floors/tfidf.ts";
import type { Example } from "../src/contracts/index.ts";
import { describeMachine, round, type BenchResult } from "./result.ts";
import { splitBanking77, tuneBanking77, type Split } from "./tune-banking77.ts";

/** Intents by fine-tuning: exact match of the generated label after one epoch. Takes half an hour. */
export async function run(): Promise<BenchResult> {
  const split = await splitBanking77(9600, 1500);
  const { accuracy } = await tuneBanking77(split, "int8");
  return {
    bench: "banking77",
    machine: describeMachine(),
    rows: [
      {
        name: "banking77-exact",
        value: round(accuracy),
        unit: `exact match on ${split.heldOut.length} held-out questions; peer: TF-IDF with logistic regression`,
        ours: round(accuracy),
        peer: round(tfidfAccuracy(split)),
      },
    ],
  };
}

function tfidfAccuracy({ train, heldOut }: Split): number {
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
