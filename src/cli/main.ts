#!/usr/bin/env node
import { CommanderError } from "commander";
import { LoragError, exitCodes } from "../contracts/index.ts";
import { createProgram } from "./program.ts";
import { exit, reportError } from "./session.ts";

// The reader of a pipe may leave early (`lorag --help | head -1`): that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

try {
  await createProgram().parseAsync();
} catch (error) {
  // Help was asked for, or printed because no command was given.
  if (error instanceof CommanderError && error.exitCode === 0) await exit(0);
  if (error instanceof CommanderError && error.code === "commander.help") await exit(exitCodes.usage);
  await exit(reportError(asUsage(error), process.argv.includes("--json")));
}

function asUsage(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  return new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: error.message.replace(/^error: /, ""),
    next: "`lorag --help` lists the commands, `lorag COMMAND --help` explains one.",
  });
}
