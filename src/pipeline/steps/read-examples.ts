import { relative, resolve } from "node:path";
import { LoragError, type Example } from "../../contracts/index.ts";
import { readExamples as readFile, readOptions } from "../../data/index.ts";
import { exists, openFile } from "../../platform/index.ts";
import type { Project } from "../config/read-project.ts";
import type { Context } from "../context.ts";

/** The examples of all files, in order. Throws LORAG_EXAMPLES_INVALID for a bad line and for an id in two files. */
export async function readExamples({ project, warn }: Context, files: string[]): Promise<Example[]> {
  const { datasets, test_datasets: testDatasets } = project.config;
  const fileOf = new Map<string, string>();
  const read: Example[] = [];
  for (const file of files) {
    const name = nameOf(project, file);
    const entry = [...datasets, ...testDatasets].find(({ path }) => resolve(project.folder, path) === file);
    const source = openFile(file);
    try {
      const { examples, warnings } = await readFile(source, name, entry && readOptions(entry));
      warnings.forEach(warn);
      for (const example of examples) {
        const other = fileOf.get(example.id);
        if (other !== undefined) throw repeatedId(example.id, other, name);
        fileOf.set(example.id, name);
        read.push(example);
      }
    } finally {
      source.close();
    }
  }
  return read;
}

/** Those of the files that exist: without an arm to train, examples only teach floors. */
export async function present({ project, warn }: Context, files: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    if (await exists(file)) found.push(file);
    else
      warn({
        code: "LORAG_NO_EXAMPLES",
        message: `There is no file ${nameOf(project, file)}. No arm trains on it; floors that learn from it are left out.`,
      });
  }
  return found;
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

export const namesOf = (project: Project, files: string[]): string =>
  files.map((file) => nameOf(project, file)).join(" and ");
