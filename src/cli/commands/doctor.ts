import { exitCodes } from "../../contracts/index.ts";
import { examine } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

const marks = { ok: "ok  ", warn: "warn", fail: "FAIL" };

/** Prints every check; the exit code is that of the first that failed, on which the others may hang. */
export async function doctorCommand(session: Session): Promise<unknown> {
  const checks = await examine(session.options.project);
  for (const { name, status, found, next } of checks) {
    session.print(`${marks[status]}  ${name.padEnd(16)} ${found}\n`);
    if (next) session.print(`${" ".repeat(23)}${next}\n`);
  }
  const failed = checks.find(({ kind }) => kind !== undefined);
  if (failed?.kind) session.setExitCode(exitCodes[failed.kind]);
  return { checks };
}
