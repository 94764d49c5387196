import type { Results } from "../../contracts/index.ts";

/** The terminal's table and verdict. `width` in columns. */
export function renderTable(results: Results, options: { width?: number; color?: boolean } = {}): string {
  return `${results.run.project}${options.width ?? ""}`;
}
