import { resolve } from "node:path";
import { LoragError, type Example } from "../../contracts/index.ts";
import { counted, isAbstainAnswer } from "../../text/index.ts";
import {
  checkHeldOut,
  checkTraining,
  cleanExamples,
  findLeaks,
  refuseLeaks,
  removeLeaks,
  splitExamples,
} from "../../data/index.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { thawSplit } from "./frozen-split.ts";
import { nameSome } from "./name-some.ts";
import { namesOf, present, readExamples } from "./read-examples.ts";
import { fingerprint } from "./record.ts";

/** The frozen split: the same for every arm, and the same again while seed, sizes and files stay the same. */
export interface Prepared {
  train: Example[];
  validation: Example[];
  test: Example[];
  /** SHA-256 of the held-out questions and golds. */
  testHash: string;
  leftOut: LeftOut[];
}

export interface LeftOut {
  example: Example;
  reason: string;
}

/** An example whose answer is the project's abstention, and that names no documents, is one that none answers. */
function markUnanswerable(example: Example, abstainAnswer: string): Example {
  if (example.documents !== undefined || !isAbstainAnswer(example.completion, abstainAnswer)) return example;
  return { ...example, documents: [] };
}

/** The parts that `splits` has frozen, else new ones. */
export async function prepare(context: Context, trains: boolean): Promise<Prepared> {
  const { project } = context;
  const { splits, abstain_answer: abstainAnswer } = project.config;
  if (splits === undefined) return prepareAnew(context, trains);
  const read = await readExamples(context, [...project.datasets, ...project.testDatasets]);
  const examples = read.map((example) => markUnanswerable(example, abstainAnswer));
  const parts = await thawSplit(project, resolve(project.folder, splits), examples);
  return {
    train: trains ? parts.train : [...parts.train, ...parts.validation],
    validation: trains ? parts.validation : [],
    test: parts.test,
    testHash: hashOf(parts.test),
    leftOut: parts["left out"].map((example) => ({ example, reason: `as ${splits} says` })),
  };
}

/**
 * Reads, cleans, and splits the examples, of which there may be none where nothing `trains`. Throws what data/ throws
 * for bad lines, one class, leaks; warns of what was dropped and of too few questions.
 */
export async function prepareAnew(context: Context, trains: boolean): Promise<Prepared> {
  const { project, warn } = context;
  const { config } = project;
  const readAll = async (files: string[]): Promise<Example[]> =>
    (await readExamples(context, files)).map((example) => markUnanswerable(example, config.abstain_answer));
  const heldOutFiles = await readAll(project.testDatasets);
  const fromFiles = heldOutFiles.length > 0;
  const datasets = trains || !fromFiles ? project.datasets : await present(context, project.datasets);
  const read = await readAll(datasets);
  const names = {
    train: namesOf(project, datasets),
    heldOut: namesOf(project, project.testDatasets),
  };
  if (read.length === 0 && (trains || !fromFiles)) throw noDatasets();

  if (fromFiles) refuseLeaks(findLeaks(read, heldOutFiles), names);
  const { examples, leftOut } = clean(context, read, names.train);
  const splitBy = { by: config.split_by, key: config.split_key };
  const first = fromFiles
    ? { train: examples, heldOut: heldOutFiles }
    : splitExamples(examples, config.test_set_size, config.seed, "test_set_size", splitBy);
  const leaks = findLeaks(first.train, first.heldOut);
  const apart = removeLeaks(first.train, leaks);
  const heldOutOf = new Map(leaks.map(({ trainId, heldOutId }) => [trainId, heldOutId]));
  for (const example of first.train.filter(({ id }) => heldOutOf.has(id))) {
    leftOut.push({
      example,
      reason: `nearly the question of ${heldOutOf.get(example.id)}, which is held out`,
    });
  }
  if (leaks.length > 0) {
    const left = new Map(leaks.map(({ trainId, heldOutId }) => [trainId, `${trainId} (like ${heldOutId})`]));
    warn({
      code: "LORAG_NEAR_LEAKS",
      message: `${counted(
        left.size,
        "training question is nearly the same as a held-out one and was left out",
        "training questions are nearly the same as held-out ones and were left out",
      )}: ${nameSome([...left.values()])}.`,
    });
  }
  if (!trains && !fromFiles && apart.length > 0) {
    const all = `of ${counted(examples.length, "example")} of ${names.train} only`;
    warn({
      code: "LORAG_NOT_ASKED",
      message:
        `No arm is trained, so ${counted(apart.length, `${all} teaches`, `${all} teach`)} the floors. ` +
        "Name the file under `test_datasets`, and write `datasets: []`, to ask them all.",
    });
  }
  const second = trains
    ? splitExamples(apart, config.val_set_size, config.seed, "val_set_size", splitBy)
    : { train: apart, heldOut: [] };
  if (trains) checkTraining(second.train, names.train);
  const parts: [examples: Example[], name: string][] = [
    [first.heldOut, fromFiles ? names.heldOut : `the held-out part of ${names.train}`],
    [second.heldOut, `the validation part of ${names.train}`],
  ];
  for (const [part, name] of parts) {
    if (part.length > 0) for (const warning of checkHeldOut(part, name)) warn(warning);
  }
  return {
    train: second.train,
    validation: second.heldOut,
    test: first.heldOut,
    testHash: hashOf(first.heldOut),
    leftOut,
  };
}

const hashOf = (test: Example[]): string =>
  fingerprint(test.map(({ prompt, completion }) => ({ prompt, completion })));

/** Without repeats; tells of those, and of questions that are answered in two ways. */
function clean(
  { warn }: Context,
  read: Example[],
  name: string,
): { examples: Example[]; leftOut: LeftOut[] } {
  const { examples, report } = cleanExamples(read);
  const repeated = [...report.exact, ...report.near].map(
    ({ dropped, keptAs }) => `${dropped} (as ${keptAs})`,
  );
  if (repeated.length > 0) {
    const all = `of ${counted(read.length, "example")} of ${name}`;
    warn({
      code: "LORAG_REPEATED_EXAMPLES",
      message: `${counted(
        repeated.length,
        `${all} repeats another one and was left out`,
        `${all} repeat another one and were left out`,
      )}: ${nameSome(repeated)}.`,
    });
  }
  for (const conflict of report.conflicts.slice(0, 5)) {
    warn({
      code: "LORAG_CONFLICTING_EXAMPLES",
      message: `${conflict.ids.join(" and ")} answer one question differently: ${conflict.excerpt}`,
    });
  }
  const byId = new Map(read.map((example) => [example.id, example]));
  const reasons = [
    ...report.exact.map(({ dropped, keptAs }) => [dropped, `a copy of ${keptAs}`] as const),
    ...report.near.map(({ dropped, keptAs }) => [dropped, `nearly a copy of ${keptAs}`] as const),
  ];
  return { examples, leftOut: reasons.map(([id, reason]) => ({ example: byId.get(id)!, reason })) };
}

/** Throws LORAG_NOTHING_HELD_OUT: training can do without a question to compare on, a comparison cannot. */
export function requireHeldOut(project: Project, { train, validation, test }: Prepared): void {
  if (test.length > 0) return;
  const total = train.length + validation.length;
  throw new LoragError({
    code: "LORAG_NOTHING_HELD_OUT",
    kind: "config",
    message:
      `test_set_size ${project.config.test_set_size} holds out none of the ${counted(total, "example")} of ` +
      namesOf(project, project.datasets),
    next: "Raise test_set_size (0.2 is a fifth), or name a file of held-out questions under test_datasets.",
  });
}

function noDatasets(): LoragError {
  return new LoragError({
    code: "LORAG_NO_DATASETS",
    kind: "config",
    message: "`datasets` is empty",
    next:
      "Name a file of questions with answers under it. It may be empty where `arms` has no tuned arm and " +
      "`test_datasets` has the questions.",
  });
}
