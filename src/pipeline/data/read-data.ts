import { relative, resolve } from "node:path";
import { LoragError, type Example } from "../../contracts/index.ts";
import {
  HashIndex,
  hashText,
  mapList,
  readExampleRows,
  readOptions,
  RowNotes,
  type CheckedFile,
  type List,
  type Refusal,
} from "../../data/index.ts";
import { createRowFile, openFile, type RowFile } from "../../platform/index.ts";
import type { Context } from "../context.ts";

/** The files that a command is about. */
export interface DataFiles {
  /** Instead of the project's own. */
  files: string[];
  heldOut: string[];
}

/**
 * Reads files row by row, keeps what is wrong with a row instead of refusing the file, and gives all of it to `use`. What is
 * read lies on the disk meanwhile: files of any length are read in little memory. Throws LORAG_NO_DATASETS.
 */
export async function withData<Result>(
  { project, signal }: Context,
  { files, heldOut }: DataFiles,
  use: (data: CheckedFile[]) => Promise<Result>,
): Promise<Result> {
  const named = files.length + heldOut.length > 0;
  const [train, test] = named
    ? [files, heldOut].map((paths) => paths.map((path) => resolve(path)))
    : [project.datasets, project.testDatasets];
  if (train!.length + test!.length === 0) throw noData();
  const read: CheckedFile[] = [];
  const opened: RowFile[] = [];
  try {
    for (const [paths, role] of [
      [train!, "train"],
      [test!, "held out"],
    ] as const) {
      for (const path of paths) read.push(await readFile(path, role));
    }
    return await use(read);
  } finally {
    for (const rows of opened) rows.close();
  }

  async function readFile(path: string, role: CheckedFile["role"]): Promise<CheckedFile> {
    const entries = [...project.config.datasets, ...project.config.test_datasets];
    const entry = entries.find((one) => resolve(project.folder, one.path) === path);
    const name = relative(named ? "." : project.folder, path);
    const examples = openRows<Example>();
    const refused = openRows<Refusal>();
    const numbers: number[] = [];
    const notes = new RowNotes();
    const ids = new HashIndex();
    const source = openFile(path);
    try {
      for await (const each of readExampleRows(source, name, entry && readOptions(entry))) {
        signal.throwIfAborted();
        notes.add(each);
        const { place, number, read: row } = each;
        if ("problem" in row) {
          refused.append({ place, problem: row.problem });
          continue;
        }
        const { id } = row.example;
        const hash = hashText(id);
        const earlier = ids.find(hash, (entry) => examples.rows.at(entry)!.id === id);
        if (earlier >= 0) {
          refused.append({
            place,
            problem: `id ${id} is taken by ${place.replace(/\d+$/, String(numbers[earlier]))}`,
          });
          continue;
        }
        ids.add(hash);
        examples.append(row.example);
        numbers.push(number);
      }
    } finally {
      source.close();
    }
    return {
      name,
      role,
      examples: examples.rows,
      numbers,
      refused: refused.rows,
      notes: notes.warnings(name).map(({ message }) => message),
    };
  }

  function openRows<Item>(): { rows: List<Item>; append: (item: Item) => void } {
    const texts = createRowFile();
    opened.push(texts);
    return {
      rows: mapList(texts, (text) => JSON.parse(text) as Item),
      append: (item) => texts.append(JSON.stringify(item)),
    };
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
