import { basename } from "node:path";
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
import type { Context } from "../context.ts";
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
  const read = await readAll(project.datasets);
  const heldOutFiles = await readAll(project.testDatasets);
  const names = {
    train: namesOf(project.datasets),
    heldOut: namesOf(project.testDatasets),
    validation: `the validation part of ${namesOf(project.datasets)}`,
  };

  if (heldOutFiles.length > 0) refuseLeaks(findLeaks(read, heldOutFiles), names);
  const { examples, report } = cleanExamples(read);
  const repeated = report.exact.length + report.near.length;
  if (repeated > 0) {
    warn({
      code: "LORAG_REPEATED_EXAMPLES",
      message: `${repeated} of ${read.length} examples of ${names.train} repeat another one and were left out.`,
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
    : splitExamples(examples, config.test_set_size, config.seed);
  const leaks = findLeaks(first.train, first.heldOut);
  const clean = removeLeaks(first.train, leaks);
  if (leaks.length > 0) {
    warn({
      code: "LORAG_NEAR_LEAKS",
      message: `${first.train.length - clean.length} training questions are nearly the same as held-out ones and were left out.`,
    });
  }
  const second = splitExamples(clean, config.val_set_size, config.seed);
  checkTraining(second.train, names.train);
  for (const warning of [
    ...checkHeldOut(first.heldOut, fromFiles ? names.heldOut : `the held-out part of ${names.train}`),
    ...(second.heldOut.length > 0 ? checkHeldOut(second.heldOut, names.validation) : []),
  ]) {
    warn(warning);
  }
  return {
    train: second.train,
    validation: second.heldOut,
    test: first.heldOut,
    testHash: fingerprint(first.heldOut.map(({ prompt, completion }) => ({ prompt, completion }))),
  };
}

async function readAll(files: string[]): Promise<Example[]> {
  const fileOf = new Map<string, string>();
  const read: Example[] = [];
  for (const file of files) {
    for (const example of parseExamples(await readText(file), basename(file))) {
      const other = fileOf.get(example.id);
      if (other !== undefined) throw repeatedId(example.id, other, file);
      fileOf.set(example.id, file);
      read.push(example);
    }
  }
  return read;
}

function repeatedId(id: string, first: string, second: string): LoragError {
  return new LoragError({
    code: "LORAG_EXAMPLES_INVALID",
    kind: "data",
    message: `The id ${JSON.stringify(id)} is in ${basename(first)} and again in ${basename(second)}`,
    next: "Give every example an id of its own, or none: then the file's name and the line are the id.",
  });
}

const namesOf = (files: string[]): string => files.map((file) => basename(file)).join(" and ");
