import { relative, resolve } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { readExampleRows, readOptions, RowNotes, type CheckedFile } from "../../data/index.ts";
import { openFile } from "../../platform/index.ts";
import type { Context } from "../context.ts";

/** The files that a command is about. */
export interface DataFiles {
  /** Instead of the project's own. */
  files: string[];
  heldOut: string[];
}

/** Reads files row by row, and keeps what is wrong with a row instead of refusing the file. Throws LORAG_NO_DATASETS. */
export async function readData(
  { project, signal }: Context,
  { files, heldOut }: DataFiles,
): Promise<CheckedFile[]> {
  const named = files.length + heldOut.length > 0;
  const [train, test] = named
    ? [files, heldOut].map((paths) => paths.map((path) => resolve(path)))
    : [project.datasets, project.testDatasets];
  if (train!.length + test!.length === 0) throw noData();
  const read: CheckedFile[] = [];
  for (const [paths, role] of [
    [train!, "train"],
    [test!, "held out"],
  ] as const) {
    for (const path of paths) read.push(await readFile(path, role));
  }
  return read;

  async function readFile(path: string, role: CheckedFile["role"]): Promise<CheckedFile> {
    const entries = [...project.config.datasets, ...project.config.test_datasets];
    const entry = entries.find((one) => resolve(project.folder, one.path) === path);
    const name = relative(named ? "." : project.folder, path);
    const file: CheckedFile = { name, role, examples: [], numbers: [], refused: [], notes: [] };
    const notes = new RowNotes();
    const placeOfId = new Map<string, string>();
    const source = openFile(path);
    try {
      for await (const each of readExampleRows(source, name, entry && readOptions(entry))) {
        signal.throwIfAborted();
        notes.add(each);
        const { place, number, read: row } = each;
        if ("problem" in row) {
          file.refused.push({ place, problem: row.problem });
          continue;
        }
        const earlier = placeOfId.get(row.example.id);
        if (earlier === undefined) {
          file.examples.push(row.example);
          file.numbers.push(number);
        } else file.refused.push({ place, problem: `id ${row.example.id} is taken by ${earlier}` });
        placeOfId.set(row.example.id, place);
      }
    } finally {
      source.close();
    }
    file.notes = notes.warnings(name).map(({ message }) => message);
    return file;
  }
}

function noData(): LoragError {
  return new LoragError({
    code: "LORAG_NO_DATASETS",
    kind: "config",
    message: "There are no examples to look at: `datasets` and `test_datasets` are empty",
    next: "Name a file: `lorag data check examples.jsonl`.",
  });
}
