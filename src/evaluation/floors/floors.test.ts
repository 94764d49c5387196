import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Example, Hit } from "../../contracts/index.ts";
import { labelOf } from "../metrics/classification.ts";
import { detectTask } from "../metrics/task.ts";
import { buildFloors } from "./floors.ts";
import { minimise } from "./minimise.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/evaluation.json", import.meta.url), "utf8"),
) as { banking77: { train: number; test: number; accuracy: number } };

function ask(id: string, question: string, completion: string, documents = ["d.md"]): Example {
  return { id, prompt: [{ role: "user", content: question }], completion, documents };
}

describe("floors", () => {
  const task = {
    kind: "short answers",
    primary: "correct",
    labels: new Set<string>(),
    grading: { mode: "auto" },
  } as const;
  const unknown = "The handbook does not say.";

  it("majority gives the most frequent answer, and abstains if that is what it is", () => {
    const train = [
      ask("1", "a", "Nine. (A, section 1)"),
      ask("2", "b", unknown, []),
      ask("3", "c", unknown, []),
    ];
    const [majority] = buildFloors(train, undefined, task);
    expect(majority!.name).toBe("majority");
    expect(majority!.answer(ask("q", "d", "x"))).toEqual({ text: unknown, abstained: true });
    const [other] = buildFloors(
      [ask("1", "a", "Nine [1]."), ask("2", "a", "nine"), ask("3", "b", "Ten")],
      undefined,
      task,
    );
    expect(labelOf(other!.answer(ask("q", "d", "x")).text)).toBe("nine");
  });

  it("BM25 passage gives the sentence nearest to the question, nothing where nothing was found", () => {
    const text = "Pens are swept daily. A pen holds 14 sheep. Hay is not supplied.";
    const chunk = { id: "c", documentId: "d.md", title: "", headings: [], text, start: 0, end: text.length };
    const hits: Record<string, Hit[]> = { q1: [{ chunk, score: 3, ranks: { bm25: 1 } }] };
    const [floor] = buildFloors([], hits, task);
    expect(floor!.answer(ask("q1", "How many sheep does a pen hold?", "x")).text).toBe(
      "A pen holds 14 sheep.",
    );
    expect(floor!.answer(ask("q2", "Hay?", "x")).text).toBe("");
  });
});

it("L-BFGS finds the minimum of a stretched bowl", () => {
  const target = [3, -2, 0.5];
  const found = minimise(
    (point, gradient) => {
      let value = 0;
      for (const [index, goal] of target.entries()) {
        const stretch = 10 ** index;
        value += (stretch / 2) * (point[index]! - goal) ** 2;
        gradient[index] = stretch * (point[index]! - goal);
      }
      return value;
    },
    3,
    { tolerance: 1e-8 },
  );
  for (const [index, goal] of target.entries()) expect(found[index]).toBeCloseTo(goal, 6);
});

it("TF-IDF with logistic regression is scikit-learn's on Banking77, within a point", () => {
  const csv = readFileSync(new URL("../../../../shared/data/banking77/train.csv", import.meta.url), "utf8");
  const rows = readRows(csv).map(([text, category], index) => ask(String(index), text, category));
  const test = rows.filter((_, index) => index % 4 === 0);
  const train = rows
    .filter((_, index) => index % 4 === 1 || index % 4 === 3)
    .filter((_, index) => index % 2 === 0);
  expect([train.length, test.length]).toEqual([golden.banking77.train, golden.banking77.test]);
  const task = detectTask(test, train);
  expect(task.kind).toBe("classification");
  const classifier = buildFloors(train, undefined, task).find((floor) => floor.name === "tfidf-logistic")!;
  const right = test.filter((question) => classifier.answer(question).text === question.completion).length;
  expect(Math.abs(right / test.length - golden.banking77.accuracy)).toBeLessThan(0.01);
});

/** Two columns, the first perhaps quoted, quotes doubled, line breaks inside. */
function readRows(csv: string): [string, string][] {
  const rows = csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\n]*)),([a-zA-Z_?]+)\r?(?:\n|$)/g);
  return [...rows].slice(1).map((match) => [(match[1] ?? match[2]!).replaceAll('""', '"'), match[3]!]);
}
