export { renderHtml } from "./html.ts";
export { renderMarkdown } from "./markdown.ts";
export { renderTable } from "./table.ts";
export { renderDataHtml, renderDataText } from "./data-report.ts";
export { styleSheet as reportStyle } from "./style.ts";
