import { join } from "node:path";
import { exists, listFolder, readText, removePath, sha256, writeFileAtomic } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";

/** A step's result on disk, with the fingerprint of everything that it was made from. */
interface StepRecord<Output> {
  fingerprint: string;
  output: Output;
  /** SHA-256 of the output, so that one changed by a fault or by hand is not taken for what the step made. */
  sha256: string;
}

/** SHA-256 over plain values; equal inputs give equal fingerprints whatever the order of object keys. */
export function fingerprint(...inputs: unknown[]): string {
  return sha256(JSON.stringify(inputs, sortKeys));
}

/**
 * The output of a step: from its record when that was made from the same inputs, else from `run`, recorded for the
 * next time. `Output` is plain JSON. `isWhole` checks what the record alone cannot know (a folder still in place).
 */
export async function reuseOrRun<Output>(
  project: Project,
  step: string,
  inputs: string,
  run: () => Promise<Output>,
  isWhole: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<{ output: Output; reused: boolean }> {
  const file = recordFile(project.output, step);
  const record = await readRecord<Output>(file);
  if (record?.fingerprint === inputs && (await isWhole())) return { output: record.output, reused: true };
  const output = await run();
  const made: StepRecord<Output> = { fingerprint: inputs, output, sha256: sha256(JSON.stringify(output)) };
  await writeFileAtomic(file, JSON.stringify(made));
  return { output, reused: false };
}

const recordFile = (output: string, step: string): string => join(output, "steps", `${step}.json`);

/** The record of the passages that an adapter's examples are shown. */
export const contextsStep = (adapter: string): string => `contexts-${adapter}`;

/** Removes the records of some steps, so that they run again. */
export async function forgetSteps(output: string, isForgotten: (step: string) => boolean): Promise<void> {
  const folder = join(output, "steps");
  if (!(await exists(folder))) return;
  for (const name of await listFolder(folder)) {
    if (isForgotten(name.replace(/\.json$/, ""))) await removePath(join(folder, name));
  }
}

/** A record that is damaged is as good as none: the step runs again. */
async function readRecord<Output>(file: string): Promise<StepRecord<Output> | undefined> {
  if (!(await exists(file))) return undefined;
  try {
    const record = JSON.parse(await readText(file)) as StepRecord<Output>;
    return record.sha256 === sha256(JSON.stringify(record.output)) ? record : undefined;
  } catch {
    return undefined;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
