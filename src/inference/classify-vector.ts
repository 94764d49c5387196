import type { Classification } from "../contracts/index.ts";
import type { Head } from "../models/index.ts";

/** Above this a label of several applies. */
const threshold = 0.5;

/** What a head says of a text's vector. */
export function classifyVector(
  { problem, labels, tensors }: Pick<Head, "problem" | "labels" | "tensors">,
  vector: Float32Array,
): Omit<Classification, "tokens"> {
  const outputs = scoresOf(tensors, vector);
  if (problem === "regression") {
    const text = String(Number(outputs[0]!.toPrecision(6)));
    return { text, scores: [{ label: text, score: outputs[0]! }] };
  }
  const shares = problem === "single_label_classification" ? softmax(outputs) : outputs.map(sigmoid);
  const scores = labels.map((label, number) => ({ label, score: shares[number]! }));
  if (problem === "single_label_classification") {
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
    return { text: best.label, scores };
  }
  const applying = scores.filter(({ score }) => score > threshold).map(({ label }) => label);
  return { text: applying.join("; "), scores };
}

function scoresOf(tensors: Head["tensors"], vector: Float32Array): number[] {
  const weight = tensors.get("score.weight")!;
  const bias = tensors.get("score.bias")?.data;
  const [outputs, inputs] = weight.shape as [number, number];
  return Array.from({ length: outputs }, (_, output) => {
    let score = bias?.[output] ?? 0;
    for (let i = 0; i < inputs; i++) score += weight.data[output * inputs + i]! * vector[i]!;
    return score;
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmax(scores: number[]): number[] {
  const largest = scores.reduce((a, b) => Math.max(a, b));
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
