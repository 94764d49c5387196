export { evaluate } from "./evaluate.ts";
export type { ArmOutcome } from "./input.ts";
export { renderHtml } from "./report/html.ts";
export { renderMarkdown } from "./report/markdown.ts";
export { renderTable } from "./report/table.ts";
