import { join } from "node:path";
import { LoragError, type Results, type ResultsSummary } from "../../contracts/index.ts";
import { exists, readText, statPath } from "../../platform/index.ts";
import { renderSections } from "../../report/index.ts";
import type { Project } from "../config/read-project.ts";
import { runFolder } from "../runs/run-records.ts";
import { readOverrides } from "./grade-overrides.ts";

/** The results of a run, or of the last comparison. Throws LORAG_NO_RESULTS, LORAG_RESULTS_NEWER, LORAG_RESULTS_DAMAGED. */
export async function readResults(project: Project, run?: string): Promise<Results> {
  const file =
    run === undefined ? join(project.output, "results.json") : join(runFolder(project, run), "results.json");
  if ((run !== undefined && /[/\\]|\.\./.test(run)) || !(await exists(file))) throw noResults();
  const look = await statPath(file);
  const key = `${look?.modifiedMs} ${look?.size}`;
  const kept = last.get(file);
  if (kept?.key === key) return kept.results;
  const results = parse(await readText(file));
  last.clear();
  last.set(file, { key, results });
  return results;
}

/** The file that was read last, as it is asked for once for each view of it. */
const last = new Map<string, { key: string; results: Results }>();

function parse(text: string): Results {
  let value: Partial<Results>;
  try {
    value = JSON.parse(text) as Partial<Results>;
  } catch (cause) {
    throw damaged("it is no JSON", cause);
  }
  if (typeof value.schema === "number" && value.schema > 2) {
    throw new LoragError({
      code: "LORAG_RESULTS_NEWER",
      kind: "data",
      message: `The results were made by a newer version of lorag (schema ${String(value.schema)}; this one reads 2)`,
      next: "Install that version, or run the comparison again with this one.",
    });
  }
  if (value.schema !== 2 || !Array.isArray(value.questions) || !Array.isArray(value.arms))
    throw damaged("fields are missing");
  return value as Results;
}

/** What the page of the verdict shows: the report's own sections, and the questions in brief. */
export async function summariseResults(project: Project, run?: string): Promise<ResultsSummary> {
  const results = await readResults(project, run);
  const overrides = await readOverrides(project.folder);
  const pending = overrides.filter(({ question, arm, answer, correct }) => {
    const graded = results.questions.find(({ id }) => id === question)?.arms[arm];
    return graded !== undefined && graded.text === answer && (graded.scores.correct === 1) !== correct;
  });
  const set = results.questions.reduce(
    (sum, { arms }) => sum + Object.values(arms).filter(({ overridden }) => overridden !== undefined).length,
    0,
  );
  return {
    project: results.run.project,
    when: results.run.when,
    sections: renderSections(results),
    arms: results.arms.map(({ name, status }, index) => ({
      name,
      hue: index % 12,
      isFailed: status === "failed",
    })),
    questions: results.questions.map(({ id, type, prompt, gold, arms }) => ({
      id,
      type,
      asked: prompt.findLast(({ role }) => role === "user")?.content ?? "",
      gold,
      right: Object.fromEntries(
        Object.entries(arms).map(([name, { scores }]) => [name, scores.correct === 1]),
      ),
    })),
    overrides: { used: set, pending: pending.length },
  };
}

const noResults = (): LoragError =>
  new LoragError({
    code: "LORAG_NO_RESULTS",
    kind: "missing",
    message: "There is no verdict yet",
    next: "Start a run; its verdict is shown here when it is done.",
  });

const damaged = (why: string, cause?: unknown): LoragError =>
  new LoragError({
    code: "LORAG_RESULTS_DAMAGED",
    kind: "data",
    message: `results.json cannot be read: ${why}`,
    next: "Run the comparison again: what is finished is used again.",
    cause,
  });
