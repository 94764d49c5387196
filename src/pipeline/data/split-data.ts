import { relative, resolve } from "node:path";
import { LoragError } from "../../contracts/index.ts";
import { exists, writeFileAtomic } from "../../platform/index.ts";
import { configFile } from "../config/read-project.ts";
import type { Context } from "../context.ts";
import { freezeSplit } from "../steps/frozen-split.ts";
import { prepareAnew } from "../steps/prepare.ts";

export interface SplitReport {
  file: string;
  train: number;
  validation: number;
  test: number;
  leftOut: number;
  /** lorag.yaml names the file already. */
  isUsed: boolean;
}

/**
 * Splits the project's examples as lorag.yaml says and writes down which is where, so that every arm and every later run
 * has the same parts. Throws LORAG_FILE_EXISTS.
 */
export async function splitData(context: Context): Promise<SplitReport> {
  const { config, folder } = context.project;
  const file = resolve(folder, config.splits ?? "splits.json");
  if (await exists(file)) throw alreadySplit(relative(folder, file));
  const { train, validation, test, leftOut } = await prepareAnew(context, true);
  const { split_by, split_key, seed, test_set_size, val_set_size } = config;
  await writeFileAtomic(
    file,
    freezeSplit(
      [
        [train, "train"],
        [validation, "validation"],
        [test, "test"],
        [leftOut.map(({ example }) => example), "left out"],
      ],
      { split_by, split_key, seed, test_set_size, val_set_size },
    ),
  );
  return {
    file,
    train: train.length,
    validation: validation.length,
    test: test.length,
    leftOut: leftOut.length,
    isUsed: config.splits !== undefined,
  };
}

function alreadySplit(name: string): LoragError {
  return new LoragError({
    code: "LORAG_FILE_EXISTS",
    kind: "usage",
    message: `${name} is there already, and a split that is frozen stays`,
    next: `Remove it to split anew, or name another file with \`splits\` in ${configFile}.`,
  });
}
