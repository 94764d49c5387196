import { splitSentences } from "../../text/index.ts";
import type { Example, Floor, Hit } from "../../contracts/index.ts";
import { isUnanswerable } from "../metrics/abstention.ts";
import { labelOf } from "../metrics/classification.ts";
import type { Task } from "../metrics/task.ts";
import { fitLogisticRegression } from "./logistic-regression.ts";
import { fitTfidf } from "./tfidf.ts";

/** What a contender without any language model says to each question. An arm that is no better is not worth its cost. */
export interface FloorAnswers {
  name: Floor["name"];
  description: string;
  answer(question: Example): { text: string; abstained: boolean };
}

/** The floors that apply: each needs something to go by (training examples, passages, a label set). */
export function buildFloors(
  trainExamples: readonly Example[],
  bm25Hits: Record<string, Hit[]> | undefined,
  task: Task,
): FloorAnswers[] {
  return [
    ...(trainExamples.length > 0 ? [majorityFloor(trainExamples)] : []),
    ...(bm25Hits !== undefined ? [passageFloor(bm25Hits)] : []),
    ...(task.kind === "classification" ? [classifierFloor(trainExamples)] : []),
  ];
}

/** The most frequent answer of the training examples, to every question. Alphabetical order breaks a tie. */
function majorityFloor(trainExamples: readonly Example[]): FloorAnswers {
  const groups = new Map<string, Example[]>();
  for (const example of trainExamples) {
    const label = labelOf(example.completion);
    groups.set(label, [...(groups.get(label) ?? []), example]);
  }
  const byLabel = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, examples]) => examples);
  const largest = byLabel.reduce((best, group) => (group.length > best.length ? group : best));
  const text = largest[0]!.completion;
  const abstained = largest.filter(isUnanswerable).length * 2 > largest.length;
  return {
    name: "majority",
    description: `The most frequent answer of the training examples, to every question: “${text}”`,
    answer: () => ({ text, abstained }),
  };
}

/** From the best BM25 passage, the sentence that shares most words with the question. */
function passageFloor(bm25Hits: Record<string, Hit[]>): FloorAnswers {
  return {
    name: "bm25-passage",
    description: "The sentence of the best BM25 passage that shares most words with the question",
    answer: (question) => {
      const passage = bm25Hits[question.id]?.[0]?.chunk.text ?? "";
      return { text: pickSentence(passage, askedText(question)), abstained: false };
    },
  };
}

function pickSentence(passage: string, question: string): string {
  const asked = words(question);
  const sentences = splitSentences(passage);
  const shared = sentences.map((sentence) => [...words(sentence)].filter((word) => asked.has(word)).length);
  return sentences[shared.indexOf(Math.max(...shared))] ?? "";
}

function words(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu));
}

/** TF-IDF with logistic regression on the questions, where the answers are a small set of labels. */
function classifierFloor(trainExamples: readonly Example[]): FloorAnswers {
  const texts = new Map(trainExamples.map((example) => [labelOf(example.completion), example.completion]));
  const labels = [...texts.keys()].sort();
  const vectoriser = fitTfidf(trainExamples.map(askedText));
  const classify = fitLogisticRegression(
    trainExamples.map((example) => vectoriser.transform(askedText(example))),
    trainExamples.map((example) => labels.indexOf(labelOf(example.completion))),
    labels.length,
    vectoriser.size,
  );
  return {
    name: "tfidf-logistic",
    description: "TF-IDF with logistic regression on the training questions",
    answer: (question) => ({
      text: texts.get(labels[classify(vectoriser.transform(askedText(question)))]!)!,
      abstained: false,
    }),
  };
}

function askedText(example: Example): string {
  return example.prompt.findLast((message) => message.role === "user")?.content ?? "";
}
