export { renderHtml } from "./html.ts";
export { renderMarkdown } from "./markdown.ts";
export { renderTable } from "./table.ts";
export { renderDataHtml, renderDataText } from "./data-report.ts";
export { styleSheet as reportStyle } from "./style.ts";
export { renderLoss } from "./charts/loss.ts";
export { renderSections } from "./page-sections.ts";
export { renderCsv } from "./csv.ts";
export { renderSearchHtml, renderSearchText } from "./search-report.ts";
