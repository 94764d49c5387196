export { renderHtml } from "./html.ts";
export { renderMarkdown } from "./markdown.ts";
export { renderTable } from "./table.ts";
