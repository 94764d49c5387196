import { join } from "node:path";
import { makeFolder, takeLock } from "../platform/index.ts";
import { assemble } from "./assemble.ts";
import type { Context } from "./context.ts";
import type { Parts } from "./parts.ts";

/** Runs work that writes into the project: one run at a time, and what it opened is closed whatever happens. */
export async function runProject<Result>(
  context: Context,
  work: (parts: Parts) => Promise<Result>,
): Promise<Result> {
  const { output } = context.project;
  await makeFolder(output);
  const lock = await takeLock(join(output, "lock"));
  try {
    const parts = await assemble(context);
    try {
      return await work(parts);
    } finally {
      await parts.close();
    }
  } finally {
    await lock.release();
  }
}
