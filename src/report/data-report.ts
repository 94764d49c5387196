import type { DataCheck, DataReport } from "../contracts/index.ts";
import { counted } from "../text/index.ts";
import { markup, trust, type Markup } from "./markup.ts";
import { styleSheet } from "./style.ts";

const titles: Record<DataCheck, { title: string; advice: string }> = {
  "too-long": {
    title: "Too long",
    advice: "Longer than sequence_len, at four characters a token: training leaves them out.",
  },
  encoding: {
    title: "Broken encoding",
    advice: "`lorag data clean` repairs UTF-8 read as Windows-1252; lost characters are lost.",
  },
  html: {
    title: "HTML remains",
    advice: "`lorag data clean --html` takes tags out, unless they are what an example is about.",
  },
  "personal-data": {
    title: "Personal data",
    advice: "`lorag data clean --mask` puts [E-MAIL], [PHONE] and so on in their places.",
  },
  copies: { title: "Copies", advice: "The same question with the same answer: the first is kept." },
  "near-copies": {
    title: "Near copies",
    advice: "Nearly the same question with the same answer: the first is kept.",
  },
  conflicts: { title: "One question, several answers", advice: "Keep the right one." },
  "few-of-label": {
    title: "Labels with fewer than five examples",
    advice: "Too few to learn from; add some, or join labels.",
  },
  "unseen-labels": {
    title: "Held-out labels that are not in training",
    advice: "No tuned arm can answer these.",
  },
  "label-errors": {
    title: "Probable label errors",
    advice: "Most neighbours have another label; look at these first.",
  },
  "question-leaks": {
    title: "Held-out questions that are in training",
    advice: "A comparison on them proves nothing.",
  },
  "answer-leaks": { title: "Held-out answers that are in training", advice: "They can be learnt by heart." },
};

const entries = (report: DataReport) =>
  Object.entries(titles).map(([check, text]) => ({
    check,
    ...text,
    findings: report.findings[check as DataCheck],
    count: report.counts[check as DataCheck],
  }));

const shown = 5;

/** The report for a terminal. */
export function renderDataText(report: DataReport): string {
  const lines: string[] = [];
  for (const { name, role, examples, refusedRows, refused, notes } of report.files) {
    lines.push(
      `${name} (${role}): ${counted(examples, "example")}${refusedRows > 0 ? `, ${counted(refusedRows, "row")} refused` : ""}`,
    );
    lines.push(
      ...some(
        refused.map(({ place, problem }) => `${place}: ${problem}`),
        refusedRows,
      ),
    );
    lines.push(...some(notes));
  }
  const { question, answer } = report.lengths;
  lines.push(
    `Characters: questions ${question.median} (95%: ${question.p95}, most ${question.most}), answers ${answer.median} (${answer.p95}, ${answer.most})`,
  );
  if (report.languages.length > 0) {
    lines.push(
      `Languages: ${report.languages.map(({ language, examples, first }) => `${language} ${examples}${examples < 3 ? ` (${first})` : ""}`).join(", ")}`,
    );
  }
  if (report.labels) {
    const [most, least] = [report.labels[0]!, report.labels.at(-1)!];
    lines.push(
      `Labels: ${report.labels.length}, from ${most.label} (${most.examples}) to ${least.label} (${least.examples})`,
    );
  }
  const found = entries(report).filter(({ findings }) => findings.length > 0);
  for (const { check, title, advice, findings, count } of found) {
    lines.push("", `${title} [${check}]: ${count}. ${advice}`);
    lines.push(
      ...some(
        findings.slice(0, shown).map(({ ids, detail }) => `${ids.join(", ")}: ${detail}`),
        count,
      ),
    );
  }
  if (found.length === 0) lines.push("", "Nothing was found.");
  for (const reason of report.skipped) lines.push("", `Left out: ${reason}`);
  return `${lines.join("\n")}\n`;
}

function some(rows: string[], count = rows.length): string[] {
  const rest = count - shown;
  return [
    ...rows.slice(0, shown).map((row) => `  ${row.replaceAll("\n", " ")}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

/** Rows of one table that a browser shows without trouble. */
const mostRows = 1000;

/** The same as one page, with the first thousand findings of each check. */
export function renderDataHtml(report: DataReport): string {
  const found = entries(report).filter(({ findings }) => findings.length > 0);
  const row = (cells: string[]): Markup =>
    markup`<tr>${cells.map((cell) => markup`<td style="text-align:left">${cell}</td>`)}</tr>`;
  const table = (head: string[], rows: string[][]): Markup =>
    markup`<div class="scroll"><table><thead><tr>${head.map((cell) => markup`<th style="text-align:left">${cell}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>`;
  const refused = report.files.flatMap(({ name, refused: rows }) =>
    rows.map(({ place, problem }) => [name, place, problem]),
  );
  const page = markup`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Data report</title><style>${trust(styleSheet)}</style></head><body><header class="page-head"><h1>What the examples hold</h1></header><main>
<section><h2>Files</h2>${table(
    ["File", "For", "Examples", "Refused"],
    report.files.map(({ name, role, examples, refusedRows }) => [
      name,
      role,
      String(examples),
      String(refusedRows),
    ]),
  )}
${table(
  ["Characters", "Median", "95%", "Most"],
  Object.entries(report.lengths).map(([what, { median, p95, most }]) => [
    what,
    String(median),
    String(p95),
    String(most),
  ]),
)}</section>
${refused.length > 0 ? markup`<section><h2>Rows that cannot be read</h2>${table(["File", "Place", "Why"], refused)}</section>` : null}
${report.files.flatMap(({ notes }) => notes.map((note) => markup`<p class="notes">${note}</p>`))}
<section><h2>Languages</h2>${table(
    ["Language", "Examples", "First"],
    report.languages.map(({ language, examples, first }) => [language, String(examples), first]),
  )}</section>
${
  report.labels
    ? markup`<section><h2>Labels</h2>${table(
        ["Label", "Examples"],
        report.labels.map(({ label, examples }) => [label, String(examples)]),
      )}</section>`
    : null
}
${found.map(
  ({ title, advice, findings, count }) =>
    markup`<section><h2>${title} (${count})</h2><p class="lead">${advice}</p>${table(
      ["Examples", "What"],
      findings.slice(0, mostRows).map(({ ids, detail }) => [ids.join(", "), detail]),
    )}${count > mostRows ? markup`<p class="notes">And ${count - mostRows} more, of which data-report.json has the first ten thousand.</p>` : null}</section>`,
)}
${report.skipped.map((reason) => markup`<p class="notes">Left out: ${reason}</p>`)}
</main></body></html>`;
  return `${page.markup}\n`;
}
