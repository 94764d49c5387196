import type { Results } from "../contracts/index.ts";
import { percent, pValue } from "../text/index.ts";
import { listFinished } from "./charts/finished.ts";
import { splitCode } from "./code-spans.ts";
import {
  findBest,
  judgeTest,
  listComparisonRows,
  listTests,
  signedPoints,
  signedRange,
} from "./comparison-rows.ts";

/** The content of report.md: verdict, figures, floors, tests, types. The answers themselves are in report.html. */
export function renderMarkdown(results: Results): string {
  const { run, verdict } = results;
  return [
    `# ${escape(run.project)}: comparison`,
    `**${escape(verdict.headline)}** (confidence: ${verdict.confidence})`,
    `${run.when}, lorag ${run.lorag}, ${run.split.test} held-out questions, ${escape(run.models.base)}, seed ${run.seed}.`,
    listLines("Why", verdict.reasons),
    listLines("What to do next", verdict.next),
    listLines("Keep in mind", verdict.caveats),
    writeFigures(results),
    listLines(
      "Floors",
      results.floors.map(({ name, description }) => `${name}: ${description}`),
    ),
    writeTests(results),
    writeTypes(results),
    listLines(
      "When training pays for itself",
      results.breakEven.map(({ words }) => words),
    ),
    listLines("Warnings of the run", run.warnings ?? []),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function listLines(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.map((line) => `- ${escape(line)}`).join("\n")}`;
}

function writeFigures(results: Results): string {
  const arms = listFinished(results).map(({ arm }) => arm);
  if (arms.length === 0) return "";
  const rows = listComparisonRows(results).map((row) => {
    const best = findBest(row, arms);
    return [
      row.label,
      ...arms.map((arm) => (best.has(arm.name) ? `**${row.cell(arm)}**` : row.cell(arm))),
      ...results.floors.map(row.floorCell),
    ];
  });
  const severalModels = new Set(arms.map(({ model }) => model)).size > 1;
  const models = ["Model", ...arms.map(({ model }) => escape(model)), ...results.floors.map(() => "–")];
  const table = writeTable(
    ["", ...[...arms, ...results.floors].map(({ name }) => escape(name))],
    severalModels ? [models, ...rows] : rows,
  );
  return `## Every figure\n\nWith 95% intervals; the best arm in bold.\n\n${table}`;
}

function writeTests(results: Results): string {
  const groups = listTests(results).map(({ title, tests }) => {
    const rows = tests.map((test) => [
      `${escape(test.a)} against ${escape(test.b)}`,
      `${signedPoints(test.difference)} (${signedRange(test)})`,
      `${test.wins} / ${test.losses} / ${test.ties}`,
      pValue(test.pHolm),
      judgeTest(test),
    ]);
    const head = ["Pair", "Difference", "Better / worse / same", "Corrected p", "Chance?"];
    return `### ${title}\n\n${writeTable(head, rows)}`;
  });
  return groups.length === 0 ? "" : ["## Could it be chance?", ...groups].join("\n\n");
}

function writeTypes(results: Results): string {
  const { floors, primary } = results;
  const rows = [...listFinished(results).map(({ arm }) => arm), ...floors];
  const types = rows[0]?.byType ?? [];
  if (types.length < 2) return "";
  const head = ["", ...types.map(({ type, correct }) => `${escape(type)} (n = ${correct.n})`)];
  const body = rows.map(({ name, byType }) => [
    escape(name),
    ...byType.map((entry) => percent(entry[primary].value)),
  ]);
  return `## By type of question\n\n${writeTable(head, body)}`;
}

function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** Names and messages come from files and models: nothing in them may act as Markdown or HTML, but for plain code. */
function escape(line: string): string {
  return splitCode(line.replace(/\s+/gu, " "))
    .map(({ text, isCode }) => (isCode ? `\`${text}\`` : escapeText(text)))
    .join("");
}

/**
 * What acts nowhere is left alone, so that the file itself can be read: `_` inside a word is no emphasis, `<` before a
 * space opens no tag.
 */
function escapeText(text: string): string {
  return text
    .replace(/[\\`*[\]|#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&")
    .replace(/<(?! )/g, "&lt;")
    .replaceAll(">", "&gt;");
}
