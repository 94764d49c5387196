import type { Results } from "../../contracts/index.ts";

/** The content of report.md. */
export function renderMarkdown(results: Results): string {
  return results.run.project;
}
