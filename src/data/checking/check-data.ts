import {
  dataChecks,
  type DataCheck,
  type DataFinding,
  type DataReport,
  type Example,
  type Quantiles,
} from "../../contracts/index.ts";
import { cleanExamples } from "../clean.ts";
import { findLeaks } from "../leaks.ts";
import { wordsOf } from "../normalise.ts";
import { questionText } from "../question-text.ts";
import { findLabelErrors } from "./label-errors.ts";
import { languageOf } from "./language-mix.ts";
import { textChecks, type TextCheckOptions } from "./text-checks.ts";

export interface CheckedFile {
  name: string;
  role: "train" | "held out";
  examples: Example[];
  /** Of each example, the number of its line, row or item. */
  numbers: number[];
  refused: { place: string; problem: string }[];
  /** What else there is to tell of its rows: keys that are not read, kinds that are mixed, what was mended. */
  notes: string[];
}

export interface CheckOptions extends TextCheckOptions {
  /** For probable label errors; without it, or where it has none to give, they are not looked for. */
  embed?: (texts: string[]) => Promise<Float32Array[] | undefined>;
  signal?: AbortSignal;
}

/** Shorter answers, in words, may well be the same by chance. */
const tellingAnswer = 8;
const fewOfLabel = 5;

/** Looks at all examples by themselves and side by side. Changes nothing. */
export async function checkData(files: CheckedFile[], options: CheckOptions): Promise<DataReport> {
  const of = (role: CheckedFile["role"]): Example[] =>
    files.filter((file) => file.role === role).flatMap(({ examples }) => examples);
  const [train, heldOut] = [of("train"), of("held out")];
  const all = [...train, ...heldOut];
  const findings = Object.fromEntries(dataChecks.map((check) => [check, [] as DataFinding[]])) as Record<
    DataCheck,
    DataFinding[]
  >;
  for (const [check, look] of Object.entries(textChecks)) {
    for (const example of all) {
      const details = look(example, options);
      if (details.length > 0)
        findings[check as keyof typeof textChecks].push({ ids: [example.id], detail: details.join("; ") });
    }
  }
  for (const part of [train, heldOut]) {
    const { report } = cleanExamples(part);
    const byId = new Map(part.map((example) => [example.id, example]));
    const asked = (id: string): string => questionText(byId.get(id)!).slice(0, 100);
    for (const { dropped, keptAs } of report.exact)
      findings.copies.push({ ids: [dropped, keptAs], detail: asked(dropped) });
    for (const { dropped, keptAs } of report.near) {
      findings["near-copies"].push({
        ids: [dropped, keptAs],
        detail: `${asked(dropped)} | ${asked(keptAs)}`,
      });
    }
    for (const { ids, question } of report.conflicts) {
      const answers = ids.map((id) => byId.get(id)!.completion.slice(0, 60));
      findings.conflicts.push({ ids, detail: `${question.slice(0, 100)}: ${answers.join(" | ")}` });
    }
  }
  for (const { trainId, heldOutId, question, similarity } of findLeaks(train, heldOut)) {
    findings["question-leaks"].push({
      ids: [trainId, heldOutId],
      detail: `${percent(similarity)} alike: ${question.slice(0, 100)}`,
    });
  }
  const asQuestions = (examples: Example[]): Example[] =>
    examples
      .filter(({ completion }) => wordsOf(completion).length >= tellingAnswer)
      .map((example) => ({ ...example, prompt: [{ role: "user", content: example.completion }] }));
  for (const { trainId, heldOutId, question, similarity } of findLeaks(
    asQuestions(train),
    asQuestions(heldOut),
  )) {
    findings["answer-leaks"].push({
      ids: [trainId, heldOutId],
      detail: `${percent(similarity)} alike: ${question.slice(0, 100)}`,
    });
  }
  const labels = labelsOf(train);
  if (labels) {
    for (const { label, examples } of labels.filter(({ examples: count }) => count < fewOfLabel)) {
      const ids = train.filter(({ completion }) => completion.trim() === label).map(({ id }) => id);
      findings["few-of-label"].push({ ids, detail: `${label}: ${examples}` });
    }
    const known = new Set(labels.map(({ label }) => label));
    for (const { id, completion } of heldOut.filter((example) => !known.has(example.completion.trim()))) {
      findings["unseen-labels"].push({ ids: [id], detail: completion.trim() });
    }
    const vectors = await options.embed?.(train.map(questionText));
    if (vectors) {
      const given = train.map(({ completion }) => completion.trim());
      for (const error of await findLabelErrors(given, vectors, { signal: options.signal })) {
        const { id } = train[error.index]!;
        findings["label-errors"].push({
          ids: [id],
          detail: `${given[error.index]} (${percent(error.confidence)}), probably ${error.suggested} (${percent(error.suggestedConfidence)}): ${questionText(train[error.index]!).slice(0, 100)}`,
        });
      }
    }
  }
  return {
    schema: 1,
    files: files.map(({ name, role, examples, refused, notes }) => ({
      name,
      role,
      examples: examples.length,
      refused,
      notes,
    })),
    findings,
    languages: languagesOf(all),
    labels,
    lengths: {
      question: quantiles(all.map((example) => questionText(example).length)),
      answer: quantiles(all.map(({ completion }) => completion.length)),
    },
    skipped: [],
  };
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** The answers, where they are labels: each a line, and used about five times or more. */
function labelsOf(train: Example[]): DataReport["labels"] {
  const counts = new Map<string, number>();
  for (const { completion } of train) counts.set(completion.trim(), (counts.get(completion.trim()) ?? 0) + 1);
  const isLabel = train.every(({ completion }) => wordsOf(completion).length <= 12);
  if (!isLabel || counts.size < 2 || counts.size * fewOfLabel > train.length) return null;
  return [...counts]
    .map(([label, examples]) => ({ label, examples }))
    .sort((a, b) => b.examples - a.examples);
}

function languagesOf(examples: Example[]): DataReport["languages"] {
  const found = new Map<string, { examples: number; first: string }>();
  for (const example of examples) {
    const language = languageOf(`${questionText(example)}\n${example.completion}`);
    if (language === undefined) continue;
    const known = found.get(language);
    if (known) known.examples++;
    else found.set(language, { examples: 1, first: example.id });
  }
  return [...found]
    .map(([language, rest]) => ({ language, ...rest }))
    .sort((a, b) => b.examples - a.examples);
}

function quantiles(values: number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}
