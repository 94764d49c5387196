import type { DataCheck, DataReport, Example } from "../../contracts/index.ts";
import { findRepeats } from "../clean.ts";
import { createExcerpt } from "../excerpt.ts";
import { findLeaks, type Leak } from "../leaks.ts";
import { itemsOf, joinLists, mapList, pickList, type List } from "../list.ts";
import { wordsOf } from "../normalise.ts";
import { questionText } from "../question-text.ts";
import { Findings } from "./findings.ts";
import { findLabelErrors } from "./label-errors.ts";
import { fewOfLabel, Survey } from "./survey.ts";
import { textChecks, type TextCheckOptions } from "./text-checks.ts";

/** A row that cannot be read. */
export interface Refusal {
  place: string;
  problem: string;
}

export interface CheckedFile {
  name: string;
  role: "train" | "held out";
  /** Each is looked at several times, and none is kept. */
  examples: List<Example>;
  /** Of each example, the number of its line, row or item. */
  numbers: number[];
  refused: List<Refusal>;
  /** What else there is to tell of its rows: keys that are not read, kinds that are mixed, what was mended. */
  notes: string[];
}

export interface CheckOptions extends TextCheckOptions {
  /** For probable label errors; without it, or where it has none to give, they are not looked for. */
  embed?: (texts: string[]) => Promise<Float32Array[] | undefined>;
  /** Checks of which every finding is to be told, however many there are. */
  whole?: readonly DataCheck[];
  /** Told how many examples have been looked at. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Shorter answers, in words, may well be the same by chance. */
const tellingAnswer = 8;
/** Refused rows of a file that a report shows. */
const shownRefusals = 1000;
/** Vectors of more would not fit. */
const mostEmbedded = 100_000;
/** Examples between two looks at the signal. */
const atATime = 500;

/** Looks at all examples by themselves and side by side. Changes nothing. */
export async function checkData(files: CheckedFile[], options: CheckOptions): Promise<DataReport> {
  const of = (role: CheckedFile["role"]): List<Example> =>
    joinLists(files.filter((file) => file.role === role).map(({ examples }) => examples));
  const [train, heldOut] = [of("train"), of("held out")];
  const findings = new Findings(options.whole);
  const skipped: string[] = [];
  const survey = await lookAtEach(train, heldOut, findings, options);
  for (const part of [train, heldOut]) {
    await breathe(options.signal);
    addRepeats(part, findings);
  }
  if (heldOut.length > 0) await addLeaks(train, heldOut, findings, options);
  const { labels } = survey;
  if (labels) {
    addLabelCounts(labels, train, heldOut, findings);
    if (train.length > mostEmbedded)
      skipped.push(`label-errors: of more than ${mostEmbedded} training examples they are not looked for`);
    else await addLabelErrors(train, findings, options);
  }
  return {
    schema: 1,
    files: files.map(({ name, role, examples, refused, notes }) => ({
      name,
      role,
      examples: examples.length,
      refusedRows: refused.length,
      refused: [...itemsOf({ length: Math.min(refused.length, shownRefusals), at: (i) => refused.at(i) })],
      notes,
    })),
    findings: findings.kept,
    counts: findings.counts,
    languages: survey.languages,
    labels,
    lengths: survey.lengths,
    skipped,
  };
}

async function lookAtEach(
  train: List<Example>,
  heldOut: List<Example>,
  findings: Findings,
  options: CheckOptions,
): Promise<Survey> {
  const all = joinLists([train, heldOut]);
  const survey = new Survey();
  let done = 0;
  for (const example of itemsOf(all)) {
    survey.add(example, done < train.length);
    for (const [check, look] of Object.entries(textChecks)) {
      const details = look(example, options);
      if (details.length > 0) findings.add(check as DataCheck, [example.id], details.join("; "));
    }
    if (++done % atATime !== 0) continue;
    options.onProgress?.(done, all.length);
    await breathe(options.signal);
  }
  return survey;
}

function addRepeats(part: List<Example>, findings: Findings): void {
  const { exact, near, conflicts } = findRepeats(part);
  const idOf = (place: number): string => part.at(place)!.id;
  const excerpt = createExcerpt(mapList(part, questionText));
  const asked = (place: number): string => excerpt(questionText(part.at(place)!), 100);
  for (const { dropped, keptAs } of exact)
    findings.add("copies", [idOf(dropped), idOf(keptAs)], asked(dropped));
  for (const { dropped, keptAs } of near)
    findings.add("near-copies", [idOf(dropped), idOf(keptAs)], `${asked(dropped)} | ${asked(keptAs)}`);
  for (const places of conflicts) {
    const answers = places.map((place) => part.at(place)!.completion.slice(0, 60));
    findings.add("conflicts", places.map(idOf), `${asked(places[0]!)}: ${answers.join(" | ")}`);
  }
}

async function addLeaks(
  train: List<Example>,
  heldOut: List<Example>,
  findings: Findings,
  { signal }: CheckOptions,
): Promise<void> {
  const add = (check: DataCheck, leaks: Leak[]): void => {
    for (const { trainId, heldOutId, excerpt, similarity } of leaks)
      findings.add(check, [trainId, heldOutId], `${percent(similarity)} alike: ${excerpt}`);
  };
  await breathe(signal);
  add("question-leaks", findLeaks(train, heldOut));
  await breathe(signal);
  add("answer-leaks", findLeaks(answersOf(train), answersOf(heldOut)));
}

/** Examples whose questions are the answers of these, where those tell something. */
function answersOf(examples: List<Example>): List<Example> {
  const telling: number[] = [];
  for (let place = 0; place < examples.length; place++)
    if (wordsOf(examples.at(place)!.completion).length >= tellingAnswer) telling.push(place);
  return mapList(pickList(examples, telling), (example) => ({
    ...example,
    prompt: [{ role: "user", content: example.completion }],
  }));
}

function addLabelCounts(
  labels: NonNullable<DataReport["labels"]>,
  train: List<Example>,
  heldOut: List<Example>,
  findings: Findings,
): void {
  const few = new Map(
    labels.filter(({ examples }) => examples < fewOfLabel).map(({ label }) => [label, [] as string[]]),
  );
  if (few.size > 0) for (const { id, completion } of itemsOf(train)) few.get(completion.trim())?.push(id);
  for (const [label, ids] of few) findings.add("few-of-label", ids, `${label}: ${ids.length}`);
  const known = new Set(labels.map(({ label }) => label));
  for (const { id, completion } of itemsOf(heldOut))
    if (!known.has(completion.trim())) findings.add("unseen-labels", [id], completion.trim());
}

async function addLabelErrors(
  train: List<Example>,
  findings: Findings,
  { embed, signal }: CheckOptions,
): Promise<void> {
  const vectors = await embed?.([...itemsOf(mapList(train, questionText))]);
  if (!vectors) return;
  const given = [...itemsOf(mapList(train, ({ completion }) => completion.trim()))];
  const excerpt = createExcerpt(mapList(train, questionText));
  for (const error of await findLabelErrors(given, vectors, { signal })) {
    const example = train.at(error.index)!;
    const own = `${given[error.index]} (${percent(error.confidence)})`;
    const other = `${error.suggested} (${percent(error.suggestedConfidence)})`;
    const detail = `${own}, probably ${other}: ${excerpt(questionText(example), 100)}`;
    findings.add("label-errors", [example.id], detail);
  }
}

/** Lets a signal come through. */
async function breathe(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
