import type { Project } from "../config/read-project.ts";
import { fingerprint, reuseOrRun } from "./record.ts";

/**
 * The date, as `2026-01-31` in UTC, that chat templates print in this project: that of its first run, kept, so that
 * prompts are the same when a run goes on another day. No fingerprint holds it: it never changes under the answers.
 */
export async function projectDate(project: Project, now = new Date()): Promise<string> {
  const { output } = await reuseOrRun(project, "date", fingerprint("date"), () =>
    Promise.resolve({ today: now.toISOString().slice(0, 10) }),
  );
  return output.today;
}
