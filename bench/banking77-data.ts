import { readFile } from "node:fs/promises";
import type { Example } from "../src/contracts/index.ts";

export interface Intent {
  id: string;
  text: string;
  label: string;
}

/** Customer questions and their intents (77), from the shared data beside the repository. */
export async function readBanking77(): Promise<Intent[]> {
  const csv = await readFile("../shared/data/banking77/train.csv", "utf8");
  // A field is quoted when it holds a comma, quote or line break; quotes inside are doubled.
  const rows = [...csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*)),([^\n]*)\n/g)];
  return rows.slice(1).map(([, quoted, plain, label], index) => ({
    id: `b${index + 2}`,
    text: quoted?.replaceAll('""', '"') ?? plain ?? "",
    label: label!.trim(),
  }));
}

/** The label is written in words, which the tokenizer cuts into fewer pieces. */
export function toExample({ id, text, label }: Intent): Example {
  return {
    id,
    prompt: [{ role: "user", content: text.trim() }],
    completion: label.replaceAll("_", " "),
  };
}
