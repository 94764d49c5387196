import type { ArmResult, Estimate, Results } from "../contracts/index.ts";
import { duration, milliseconds, money, percent } from "../text/index.ts";
import { listFinished } from "./charts/finished.ts";

interface Column {
  title: string;
  /** Dropped from the right of this list when the terminal is narrow: higher goes first. */
  priority: number;
  cell: (arm: ArmResult) => string;
}

/** The terminal's table and verdict, no line longer than `width` columns (at least 40). Plain text unless `color`. */
export function renderTable(
  results: Results,
  { width = 100, color = false }: { width?: number; color?: boolean } = {},
): string {
  const columns = Math.max(40, width);
  const paint = (code: number, text: string) => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  const { verdict } = results;
  const lines = (title: string, entries: readonly string[]) =>
    entries.length === 0
      ? []
      : ["", paint(1, title), ...entries.flatMap((entry) => wrap(clean(entry), columns, "  - ", "    "))];
  return [
    ...writeRows(results, columns, paint),
    "",
    ...wrap(clean(verdict.headline), columns, "", "").map((line) =>
      paint(verdict.outcome === "winner" ? 32 : 33, paint(1, line)),
    ),
    paint(2, `Confidence: ${verdict.confidence}`),
    ...lines("Why", verdict.reasons),
    ...lines("What to do next", verdict.next),
    ...lines("Keep in mind", verdict.caveats),
    "",
  ].join("\n");
}

const none = "–";

function writeRange({ low, high }: Pick<Estimate, "low" | "high">): string {
  return low === null || high === null ? none : `${Math.round(low * 100)}–${Math.round(high * 100)}`;
}

function listColumns({ prices, primary, task }: Results): Column[] {
  const label = primary === "f1Normalised" ? "F1 short" : task === "classification" ? "accuracy" : "right";
  const share = (estimate: { value: number } | null | undefined) =>
    estimate ? percent(estimate.value) : none;
  return [
    { title: label, priority: 0, cell: (arm) => percent(arm.metrics[primary].value) },
    {
      title: "95%",
      priority: 1,
      cell: ({ metrics }) => writeRange(metrics[primary]),
    },
    { title: "F1 raw", priority: 4, cell: (arm) => percent(arm.metrics.f1.value) },
    ...(primary === "f1Normalised"
      ? []
      : [
          {
            title: "F1 short",
            priority: 3,
            cell: (arm: ArmResult) => percent(arm.metrics.f1Normalised.value),
          },
        ]),
    { title: "abstains*", priority: 6, cell: (arm) => share(arm.abstention.recall) },
    { title: "cites†", priority: 5, cell: (arm) => share(arm.citations.correct) },
    { title: "p50", priority: 2, cell: (arm) => milliseconds(arm.latency.p50Ms) },
    { title: "p95", priority: 7, cell: (arm) => milliseconds(arm.latency.p95Ms) },
    {
      title: `${prices.currency}/1000‡`,
      priority: 2,
      cell: (arm) => money(arm.cost.per1000Answers, "").trim(),
    },
    {
      title: "training",
      priority: 8,
      cell: (arm) => (arm.training === null ? none : duration(arm.training.seconds)),
    },
  ];
}

function writeRows(results: Results, width: number, paint: (code: number, text: string) => string): string[] {
  const finished = listFinished(results).map(({ arm }) => arm);
  const failed = results.arms.filter((arm) => arm.status === "failed");
  const names = [...results.arms, ...results.floors].map(({ name }) => clean(name));
  const nameWidth = Math.min(Math.max(...names.map(measure)), Math.floor(width / 2));
  let columns = listColumns(results)
    .map((column) => ({ ...column, cells: finished.map(column.cell) }))
    .filter(({ cells }) => cells.length === 0 || cells.some((cell) => cell !== none))
    .map((column) => ({ ...column, width: Math.max(...[column.title, ...column.cells].map(measure)) }));
  const total = () => nameWidth + columns.reduce((sum, column) => sum + column.width + 2, 0);
  while (total() > width && columns.length > 1) {
    const least = Math.max(...columns.map((column) => column.priority));
    columns = columns.filter((column) => column.priority !== least);
  }
  const line = (name: string, cells: readonly string[]) =>
    [padEnd(name, nameWidth), ...cells.map((cell, index) => padStart(cell, columns[index]!.width))].join(
      "  ",
    );
  const has = (title: string) => columns.some((column) => column.title === title);
  const { currency } = results.prices;
  const footnotes = [
    ...(has("abstains*") ? ["* share of the unanswerable questions that it abstains on"] : []),
    ...(has("cites†")
      ? [
          "† share of citations that hold: the passage has the answer's words and figures, and is of a gold document",
        ]
      : []),
    ...(has(`${currency}/1000‡`)
      ? [
          `‡ ${currency} for 1,000 answers, by the \`prices\` of lorag.yaml; training, paid once, is not in it`,
        ]
      : []),
    ...(has("p50") ? ["p50, p95: half of the answers, and 95% of them, took no longer"] : []),
  ];
  return [
    paint(
      2,
      line(
        "",
        columns.map((column) => column.title),
      ).trimEnd(),
    ),
    ...finished.map((arm) => {
      const text = line(
        clean(arm.name),
        columns.map((column) => column.cell(arm)),
      ).trimEnd();
      return arm.name === results.verdict.choose ? paint(1, text) : text;
    }),
    ...failed.map(({ name, error }) =>
      paint(31, `${padEnd(clean(name), nameWidth)}  failed: ${clean(error.message)}`.slice(0, width)),
    ),
    ...results.floors.map(({ name, metrics }) => {
      const { value, ...interval } = metrics[results.primary];
      const cells = columns.map(({ title }) => {
        if (title === columns[0]!.title) return percent(value);
        if (title === "95%") return writeRange(interval);
        if (title === "F1 raw") return percent(metrics.f1.value);
        return title === "F1 short" ? percent(metrics.f1Normalised.value) : "";
      });
      return paint(2, line(name, cells).trimEnd());
    }),
    ...footnotes.flatMap((note) => wrap(note, width, "", "  ")).map((text) => paint(2, text)),
  ];
}

/** Control characters could move the cursor or recolour the screen; names and messages come from files and models. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
}

/** Columns a text takes: East Asian wide characters and emoji take two, combining marks none. */
function measure(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue;
    columns +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return columns;
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - measure(text)));
}

function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - measure(text))) + text;
}

/** Breaks at ordinary spaces; a word longer than the line is cut. */
function wrap(text: string, width: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text
    .split(" ")
    .flatMap((long) => long.match(new RegExp(`.{1,${width - 8}}`, "gu")) ?? [])) {
    if (!empty && measure(line) + 1 + measure(word) > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
