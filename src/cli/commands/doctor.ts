import { exitCodes } from "../../contracts/index.ts";
import { examine, measureFit } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";
import { forecastLine } from "../forecast-line.ts";

const marks = { ok: "ok  ", warn: "warn", fail: "FAIL" };

/** Installs what was asked for first, then prints every check; the exit code is that of the first that failed, on which the others may hang. */
export async function doctorCommand(
  session: Session,
  { fit = false, setup }: { fit?: boolean; setup?: "trl" },
): Promise<unknown> {
  if (setup !== undefined) {
    const { setupTrl } = await import("../../training/index.ts");
    const python = await setupTrl((message) => session.print(`${message}\n`), session.signal);
    session.print(`${marks.ok}  ${"TRL".padEnd(16)} ${python}\n`);
  }
  const checks = await examine(session.options.project);
  for (const { name, status, found, next } of checks) {
    session.print(`${marks[status]}  ${name.padEnd(16)} ${found}\n`);
    if (next) session.print(`${" ".repeat(23)}${next}\n`);
  }
  const failed = checks.find(({ kind }) => kind !== undefined);
  if (failed?.kind) session.setExitCode(exitCodes[failed.kind]);
  if (!fit || failed) return { checks };
  const measured = await measureFit(await session.open());
  for (const { name, parameters, memory, disk, tokensPerSecond } of measured.models) {
    const fits = memory.training <= memory.total && disk.needed <= disk.free;
    session.print(
      `${marks[fits ? "ok" : "warn"]}  ${"Fit".padEnd(16)} ${name}: ${Math.round(parameters / 1e6)}M parameters; about ${gigabytes(memory.answering)} of memory to answer and ${gigabytes(memory.training)} to train (${gigabytes(memory.total)} here, ${gigabytes(memory.free)} free), ${gigabytes(disk.needed)} of disk (${gigabytes(disk.free)} free); ${Math.round(tokensPerSecond)} tokens a second\n`,
    );
  }
  for (const forecast of measured.trainings)
    session.print(`${marks.ok}  ${"Training".padEnd(16)} ${forecastLine(forecast)}\n`);
  return { checks, fit: measured };
}

const gigabytes = (size: number): string => `${size.toFixed(1)} GB`;
