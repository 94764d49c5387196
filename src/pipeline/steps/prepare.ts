import { relative } from "node:path";
import { LoragError, type Example } from "../../contracts/index.ts";
import {
  checkHeldOut,
  checkTraining,
  cleanExamples,
  findLeaks,
  parseExamples,
  refuseLeaks,
  removeLeaks,
  splitExamples,
} from "../../data/index.ts";
import { readText } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { nameSome } from "./name-some.ts";
import { fingerprint } from "./record.ts";

/** The frozen split: the same for every arm, and the same again while seed, sizes and files stay the same. */
export interface Prepared {
  train: Example[];
  validation: Example[];
  test: Example[];
  /** SHA-256 of the held-out questions and golds. */
  testHash: string;
}

/**
 * Reads, cleans, and splits the examples. Throws what data/ throws for bad lines, one class, leaks; warns of what
 * was dropped and of too few questions.
 */
export async function prepare(context: Context): Promise<Prepared> {
  const { project, warn } = context;
  const { config } = project;
  const read = await readAll(project, project.datasets);
  const heldOutFiles = await readAll(project, project.testDatasets);
  const names = {
    train: namesOf(project, project.datasets),
    heldOut: namesOf(project, project.testDatasets),
  };

  if (heldOutFiles.length > 0) refuseLeaks(findLeaks(read, heldOutFiles), names);
  const { examples, report } = cleanExamples(read);
  const repeated = [...report.exact, ...report.near].map(
    ({ dropped, keptAs }) => `${dropped} (as ${keptAs})`,
  );
  if (repeated.length > 0) {
    warn({
      code: "LORAG_REPEATED_EXAMPLES",
      message:
        `${repeated.length} of ${read.length} examples of ${names.train} repeat another one and were left out: ` +
        `${nameSome(repeated)}.`,
    });
  }
  for (const conflict of report.conflicts.slice(0, 5)) {
    warn({
      code: "LORAG_CONFLICTING_EXAMPLES",
      message: `${conflict.ids.join(" and ")} answer one question differently: ${conflict.question.slice(0, 80)}`,
    });
  }

  const fromFiles = heldOutFiles.length > 0;
  const first = fromFiles
    ? { train: examples, heldOut: heldOutFiles }
    : splitExamples(examples, config.test_set_size, config.seed, "test_set_size");
  const leaks = findLeaks(first.train, first.heldOut);
  const clean = removeLeaks(first.train, leaks);
  if (leaks.length > 0) {
    const left = new Map(leaks.map(({ trainId, heldOutId }) => [trainId, `${trainId} (like ${heldOutId})`]));
    warn({
      code: "LORAG_NEAR_LEAKS",
      message:
        `${left.size} training questions are nearly the same as held-out ones and were left out: ` +
        `${nameSome([...left.values()])}.`,
    });
  }
  const second = splitExamples(clean, config.val_set_size, config.seed, "val_set_size");
  checkTraining(second.train, names.train);
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
    testHash: fingerprint(first.heldOut.map(({ prompt, completion }) => ({ prompt, completion }))),
  };
}

/** Throws LORAG_NOTHING_HELD_OUT: training can do without a question to compare on, a comparison cannot. */
export function requireHeldOut(project: Project, { train, validation, test }: Prepared): void {
  if (test.length > 0) return;
  const total = train.length + validation.length;
  throw new LoragError({
    code: "LORAG_NOTHING_HELD_OUT",
    kind: "config",
    message:
      `test_set_size ${project.config.test_set_size} holds out none of the ${total} examples of ` +
      namesOf(project, project.datasets),
    next: "Raise test_set_size (0.2 is a fifth), or name a file of held-out questions under test_datasets.",
  });
}

async function readAll(project: Project, files: string[]): Promise<Example[]> {
  const fileOf = new Map<string, string>();
  const read: Example[] = [];
  for (const file of files) {
    const name = nameOf(project, file);
    for (const example of parseExamples(await readText(file), name)) {
      const other = fileOf.get(example.id);
      if (other !== undefined) throw repeatedId(example.id, other, name);
      fileOf.set(example.id, name);
      read.push(example);
    }
  }
  return read;
}

function repeatedId(id: string, first: string, second: string): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_INVALID",
    kind: "data",
    message: `The id ${JSON.stringify(id)} is in ${first} and again in ${second}`,
    next:
      "Give one of the two another `metadata.id`, or rename its file: without an id, the file's name and the line " +
      "are the id.",
  });
}

/** Two files may have one name, in different folders. */
const nameOf = ({ folder }: Project, file: string): string => relative(folder, file);

const namesOf = (project: Project, files: string[]): string =>
  files.map((file) => nameOf(project, file)).join(" and ");
