import { LoragError } from "../../contracts/index.ts";

/** Runs `work`; an error of a reader that knows only a file's content is given the file's path. */
export async function nameFile<Result>(path: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isNameless = error instanceof LoragError && error.kind === "data" && !error.message.includes(path);
    if (!isNameless) throw error;
    throw new LoragError({ ...error.toPlain(), message: `${path}: ${error.message}`, cause: error });
  }
}
