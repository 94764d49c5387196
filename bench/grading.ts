import { readFileSync } from "node:fs";
import { gradeAnswer } from "../src/evaluation/index.ts";
import { comparePaired } from "../src/evaluation/statistics/compare-paired.ts";
import { namedRandom, type Random } from "../src/random/index.ts";
import { describeMachine, type BenchResult, type BenchRow } from "./result.ts";

// How often two contenders that do not differ are said to: 2,000 comparisons for each kind of score and number of questions.

const comparisons = 2000;
const sizes = [3, 5, 8, 12, 20, 50, 100, 200];

/** A score of one answer. Both contenders draw theirs from the same, or their mean difference is 0. */
const kinds: Record<string, (random: Random) => [a: number, b: number]> = {
  "right or wrong": (random) => [Number(random() < 0.5), Number(random() < 0.5)],
  "mostly ties": (random) => (random() < 0.85 ? [1, 1] : [random(), random()]),
  continuous: (random) => [random(), random()],
  skewed: (random) => [random() ** 4, random() ** 4],
  // Right four times in five by a little, wrong once by four times as much: no difference in the mean.
  "rare and large": (random) => (random() < 0.8 ? [0.6, 0.5] : [0.1, 0.5]),
};

export async function run(): Promise<BenchResult> {
  return { bench: "grading", machine: describeMachine(), rows: [measureCases(), ...measureRejected()] };
}

/** Pairs of gold and answer whose grade a careful person gave: the share that is graded the same. */
function measureCases(): BenchRow {
  const cases = ["cases", "fresh-cases", "third-cases", "fourth-cases", "fifth-cases"].flatMap((table) =>
    readFileSync(new URL(`../test/grading/${table}.jsonl`, import.meta.url), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { gold: string; answer: string; right: boolean; question?: string }),
  );
  const graded = cases.filter(
    ({ gold, answer, right, question }) => gradeAnswer(answer, [gold], { question }).right === right,
  );
  return {
    name: "cases",
    value: graded.length / cases.length,
    unit: "share graded right, higher is better (1)",
    ours: graded.length,
    peer: cases.length,
  };
}

/** The verdict's own rule for one pair: p below 0.05, and an interval that leaves out 0. */
function measureRejected(): BenchRow[] {
  let most = { share: 0, where: "" };
  for (const [kind, draw] of Object.entries(kinds)) {
    for (const size of sizes) {
      const random = namedRandom(size, kind);
      let rejected = 0;
      for (let comparison = 0; comparison < comparisons; comparison++) {
        const pairs = Array.from({ length: size }, () => draw(random));
        const { p, low, high } = comparePaired([pairs.map(([a]) => a)], [pairs.map(([, b]) => b)], random);
        if (p < 0.05 && low !== null && high !== null && (low > 0 || high < 0)) rejected++;
      }
      const share = rejected / comparisons;
      if (share > most.share) most = { share, where: `${kind}, ${size} questions` };
    }
  }
  return [
    {
      name: "null-rejected-max",
      value: most.share,
      unit: `share of ${comparisons.toLocaleString("en-GB")} nulls, lower is better (0.055 at most)`,
      ours: most.where,
      peer: "at 0.05",
    },
  ];
}
