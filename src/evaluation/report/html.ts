import type { Results } from "../../contracts/index.ts";

/** The content of report.html: one file, no network. */
export function renderHtml(results: Results): string {
  return results.run.project;
}
