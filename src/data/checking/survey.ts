import type { DataReport, Example, Quantiles } from "../../contracts/index.ts";
import { wordsOf } from "../normalise.ts";
import { questionText } from "../question-text.ts";
import { languageOf } from "./language-mix.ts";

/** Fewer examples of a label are too few to learn from. */
export const fewOfLabel = 5;
const mostLabels = 100_000;

/** What examples are on the whole, counted as they pass. */
export class Survey {
  readonly #languages = new Map<string, { examples: number; first: string }>();
  readonly #lengths = { question: new Histogram(), answer: new Histogram() };
  #answers: Map<string, number> | undefined = new Map();
  #trained = 0;

  add(example: Example, isTrained: boolean): void {
    const question = questionText(example);
    this.#lengths.question.add(question.length);
    this.#lengths.answer.add(example.completion.length);
    const language = languageOf(`${question.slice(0, 200)}\n${example.completion}`);
    const known = language === undefined ? undefined : this.#languages.get(language);
    if (known) known.examples++;
    else if (language !== undefined) this.#languages.set(language, { examples: 1, first: example.id });
    if (isTrained) this.#addAnswer(example.completion);
  }

  #addAnswer(completion: string): void {
    this.#trained++;
    const answers = this.#answers;
    if (!answers) return;
    const answer = completion.trim();
    if (wordsOf(answer).length > 12 || answers.size > mostLabels) this.#answers = undefined;
    else answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }

  get languages(): DataReport["languages"] {
    return [...this.#languages]
      .map(([language, rest]) => ({ language, ...rest }))
      .sort((a, b) => b.examples - a.examples);
  }

  get lengths(): DataReport["lengths"] {
    return { question: this.#lengths.question.quantiles(), answer: this.#lengths.answer.quantiles() };
  }

  /** The answers, where they are labels: each a line, and used about five times or more. */
  get labels(): DataReport["labels"] {
    const counts = this.#answers;
    if (!counts || counts.size < 2 || counts.size * fewOfLabel > this.#trained) return null;
    return [...counts]
      .map(([label, examples]) => ({ label, examples }))
      .sort((a, b) => b.examples - a.examples);
  }
}

/** How often each number came. */
class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    this.#total++;
  }

  quantiles(): Quantiles {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const at = (share: number): number => {
      let left = Math.min(this.#total - 1, Math.floor(share * this.#total));
      for (const [value, count] of sorted) {
        if (left < count) return value;
        left -= count;
      }
      return 0;
    };
    return { median: at(0.5), p95: at(0.95), most: at(1) };
  }
}
