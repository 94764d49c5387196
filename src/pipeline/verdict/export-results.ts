import type { Results, RunComparison } from "../../contracts/index.ts";
import { compareRuns } from "../../evaluation/index.ts";
import { renderCsv, renderHtml, renderMarkdown } from "../../report/index.ts";
import type { Project } from "../config/read-project.ts";
import { readResults } from "./read-results.ts";

const writers: Record<"html" | "md" | "csv", (results: Results) => string> = {
  html: renderHtml,
  md: renderMarkdown,
  csv: renderCsv,
};

/** The results as a file to take away, with a name for it. */
export async function exportResults(
  project: Project,
  format: keyof typeof writers,
  run?: string,
): Promise<{ name: string; text: string }> {
  const results = await readResults(project, run);
  return {
    name: `${project.name}-${results.run.when.slice(0, 10)}.${format}`,
    text: writers[format](results),
  };
}

/** What changed from one run to another, the last comparison by default. */
export async function compareResults(
  project: Project,
  before: string,
  after?: string,
): Promise<RunComparison> {
  const earlier = await readResults(project, before);
  return compareRuns(earlier, await readResults(project, after));
}
