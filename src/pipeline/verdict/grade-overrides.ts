import { join } from "node:path";
import { gradeOverrideSchema, type Example, type GradeOverride } from "../../contracts/index.ts";
import { appendJsonLine, exists, parseJsonLines, readText } from "../../platform/index.ts";
import { counted } from "../../text/index.ts";
import type { ArmOutcome } from "../../evaluation/index.ts";
import type { Context } from "../context.ts";

const fileOf = (folder: string): string => join(folder, "grade-overrides.jsonl");

/** Those that count: of each question and arm the last one, unless it takes the others back. */
export async function readOverrides(folder: string): Promise<GradeOverride[]> {
  const file = fileOf(folder);
  if (!(await exists(file))) return [];
  const last = new Map<string, GradeOverride>();
  for (const line of parseJsonLines(await readText(file))) {
    const parsed = gradeOverrideSchema.safeParse(line);
    if (parsed.success) last.set(JSON.stringify([parsed.data.question, parsed.data.arm]), parsed.data);
  }
  return [...last.values()].filter(({ correct }) => correct !== null);
}

/** Adds a line: what was said before stays in the file. */
export function addOverride(folder: string, override: Omit<GradeOverride, "at">): Promise<void> {
  return appendJsonLine(fileOf(folder), { ...override, at: new Date().toISOString() });
}

/** The project's overrides, and a warning that says how many there are and how many are of nothing that was asked. */
export async function useOverrides(
  { project, warn }: Context,
  questions: readonly Example[],
  arms: readonly ArmOutcome[],
): Promise<GradeOverride[]> {
  const overrides = await readOverrides(project.folder);
  const ids = new Set(questions.map(({ id }) => id));
  const fits = ({ question, arm, answer }: GradeOverride): boolean => {
    const outcome = arms.find(({ name }) => name === arm);
    return ids.has(question) && outcome?.status === "ok" && outcome.answers[question]?.text === answer;
  };
  const used = overrides.filter(fits);
  if (used.length > 0) {
    warn({
      code: "LORAG_GRADES_OVERRIDDEN",
      message: `${counted(used.length, "grade was", "grades were")} set by hand (grade-overrides.jsonl has the reasons): ${used.filter(({ correct }) => correct).length} to right, ${used.filter(({ correct }) => !correct).length} to wrong.`,
    });
  }
  const stale = overrides.length - used.length;
  if (stale > 0) {
    warn({
      code: "LORAG_OVERRIDES_UNUSED",
      message: `${counted(stale, "grade that was set by hand is", "grades that were set by hand are")} of a question or an answer that is no longer there, and left out.`,
    });
  }
  return used;
}
