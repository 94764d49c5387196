import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import type { ArmResult, Results } from "../src/contracts/index.ts";
import { evaluate } from "../src/evaluation/evaluate.ts";
import { makeFixture } from "../src/evaluation/fixture.case.ts";
import { duration, percent } from "../src/text/index.ts";
import { renderHtml } from "../src/report/html.ts";
import { renderMarkdown } from "../src/report/markdown.ts";
import { boxOf, sharedArea } from "../src/report/charts/place-labels.ts";
import type { Label } from "../src/report/charts/place-labels.ts";
import { renderTable } from "../src/report/table.ts";

let results: Results;
let failed: Results;
beforeAll(() => {
  results = evaluate(makeFixture({ questions: 24 }));
  failed = evaluate(makeFixture({ questions: 12, failedArm: "tuned" }));
});

/** The results with every text that comes from outside replaced. */
function poison(source: Results, text: string): Results {
  const outside = new Set([
    "text",
    "short",
    "gold",
    "goldShort",
    "content",
    "title",
    "documentId",
    "project",
    "type",
    "message",
    "next",
    "adapter",
    "base",
  ]);
  return JSON.parse(JSON.stringify(source), (key, value: unknown) => {
    if (typeof value === "string" && outside.has(key)) return text;
    return key === "headings" || key === "reasons" ? [text] : value;
  }) as Results;
}

const nasty = fc.constantFrom(
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  "</title><svg onload=alert(1)>",
  "</style><b>",
  "<!-- ",
  "]]>",
  "&lt;script&gt;",
  "\u0000\u001B[2J",
);

describe("report.html", () => {
  it("puts the verdict first, and shows each question, answer, citation and gold", () => {
    const { document } = parseHTML(renderHtml(results));
    expect(document.querySelector("h2")?.textContent).toBe(results.verdict.headline);
    expect(document.querySelectorAll(".question")).toHaveLength(24);
    const first = document.querySelector(".question")!;
    const record = results.questions[0]!;
    expect(first.querySelector(".gold p")?.textContent).toBe(record.gold);
    const said = [...first.querySelectorAll(".said")].map((element) => element.textContent);
    // The best arm first.
    const order = ["tuned-rag", "rag", "tuned", "base"];
    expect(said).toEqual(order.map((name) => record.arms[name]!.text));
    const shown = record.arms["rag"]!.hits.map((hit) => results.passages[hit.chunkId]!.text);
    expect(first.querySelector(".passages")?.textContent).toContain(shown[0]);
  });

  it("has every floor beside the arms, with a figure in the rows of quality", () => {
    const { document } = parseHTML(renderHtml(results));
    const cellsOf = (label: string) =>
      [...document.querySelectorAll(".figures tr")]
        .find((row) => row.querySelector("th")?.firstChild?.textContent === label)!
        .querySelectorAll("td.floor");
    const names = [...document.querySelectorAll(".figures thead th.floor")].map((cell) => cell.textContent);
    expect(names).toEqual(results.floors.map(({ name }) => name));
    expect([...cellsOf("Token F1")].map((cell) => cell.firstChild?.textContent?.trim())).toEqual(
      results.floors.map(({ metrics }) => percent(metrics.f1.value)),
    );
    expect([...cellsOf("Prompt tokens")].map((cell) => cell.textContent?.trim())).toEqual(
      results.floors.map(() => "–"),
    );
  });

  it("draws every chart with words for those who cannot see it", () => {
    const { document } = parseHTML(renderHtml(results));
    const charts = [...document.querySelectorAll("figure svg")];
    expect(charts).toHaveLength(5);
    for (const chart of charts) {
      const label = chart.getAttribute("aria-labelledby")!;
      expect(document.getElementById(label)?.textContent?.trim().length).toBeGreaterThan(20);
      expect(chart.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it("writes the names of points apart from one another, and those of curves at their ends", () => {
    const crowded = structuredClone(results);
    const arms = crowded.arms.filter((arm) => arm.status === "ok");
    for (const [index, arm] of arms.entries()) {
      arm.cost.per1000Answers = 0.01 + index / 10_000;
      arm.metrics.correct = { value: 0.02 * index, low: 0, high: 0.1, n: 24 };
    }
    const short = arms.find(({ name }) => name === "tuned")!.training!;
    short.losses = short.losses.filter(({ step }) => step <= 100);
    const { document } = parseHTML(renderHtml(crowded));
    const labelsOf = (chart: string) =>
      [...document.querySelectorAll(`svg[aria-labelledby=${chart}-summary] .coloured`)].map((text) => ({
        name: text.textContent!,
        x: Number(text.getAttribute("x")),
        y: Number(text.getAttribute("y")),
        anchor: text.getAttribute("text-anchor") as Label["anchor"],
      }));
    for (const [chart, count] of [
      ["cost", 4],
      ["loss", 2],
    ] as const) {
      const boxes = labelsOf(chart).map((label) => boxOf(label, label.name));
      expect(boxes).toHaveLength(count);
      for (const [index, box] of boxes.entries())
        for (const other of boxes.slice(0, index)) expect(sharedArea(box, other), chart).toBe(0);
    }
    const [whole, ended] = labelsOf("loss");
    // The curve ends at a third of the steps; the chart is 460 wide.
    expect(ended).toMatchObject({ name: "tuned" });
    expect(ended!.x).toBeLessThan(200);
    expect(whole!.x).toBeGreaterThan(350);
  });

  it("may run its own script and style alone, and refers to nothing outside", () => {
    const page = renderHtml(results);
    const { document } = parseHTML(page);
    const policy = document.querySelector("meta[http-equiv]")!.getAttribute("content")!;
    for (const element of ["script", "style"]) {
      const content = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page)![1]!;
      expect(policy).toContain(createHash("sha256").update(content).digest("base64"));
    }
    expect(policy).toContain("default-src 'none'");
    expect(page).not.toMatch(/https?:|\/\/[a-z]|@import|url\(|<link|<img|<iframe|\son[a-z]+=|\sstyle=/i);
  });

  it("has no elements and no attributes but its own, whatever the texts are", () => {
    const shape = (source: Results) => {
      const { document } = parseHTML(renderHtml(source));
      return [...document.querySelectorAll("*")].map((element) => [
        element.tagName,
        ...[...element.attributes].map((attribute) => attribute.name),
      ]);
    };
    const small = evaluate(makeFixture({ questions: 6 }));
    const harmless = shape(poison(small, "x"));
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 30 })), (text) => {
        fc.pre(text.trim() !== "" && !small.questions.some(({ type }) => type === text));
        expect(shape(poison(small, text))).toEqual(harmless);
      }),
      { numRuns: 20 },
    );
  });

  it("shows keys and commands in messages as code, wherever a message stands", () => {
    const message = "Lower `learning_rate`, then run `lorag train tuned`.";
    const { document } = parseHTML(
      renderHtml({
        ...poison(failed, message),
        run: { ...failed.run, warnings: [message] },
        breakEven: [{ arm: "tuned", against: "base", requests: null, words: message }],
      }),
    );
    for (const place of [
      ".failure",
      "[aria-labelledby=method] .notes:last-child",
      "[aria-labelledby=charts] .notes",
      ".verdict",
    ]) {
      const code = [...document.querySelectorAll(`${place} code`)].map((element) => element.textContent);
      expect(code, place).toEqual(expect.arrayContaining(["learning_rate", "lorag train tuned"]));
    }
  });

  it("says of which trained arm that it overfits, and what to change", () => {
    const worse = structuredClone(results);
    const tuned = worse.arms.find(({ name }) => name === "tuned")!;
    if (tuned.status !== "ok" || !tuned.training) throw new Error("it is trained");
    tuned.training.losses = [
      { step: 0, train: null, validation: 3 },
      { step: 10, train: 1, validation: 1.5 },
      { step: 20, train: 0.2, validation: 2.4 },
    ];
    const notesOf = (of: typeof results) =>
      parseHTML(renderHtml(of)).document.querySelector("[aria-labelledby=charts]")!.textContent ?? "";
    expect(notesOf(worse)).toMatch(/tuned: It overfits: .*step 10.*lower num_epochs/);
    expect(notesOf(results)).not.toContain("overfits");
  });

  it("shows a failed arm as failed", () => {
    const page = renderHtml(failed);
    expect(page).toContain("tuned failed.");
    expect(page).toContain("The loss became NaN at step 42.");
  });

  it("survives a comparison in which every arm failed", () => {
    const input = makeFixture({ questions: 3 });
    const error = { code: "LORAG_X", kind: "internal", message: "It broke.", next: "Mend it." } as const;
    const none = evaluate({
      ...input,
      arms: input.arms.map(({ name }) => ({ name, status: "failed", error })),
    });
    for (const text of [renderHtml(none), renderMarkdown(none), renderTable(none)]) {
      expect(text).toContain("Every arm failed");
      expect(text).not.toMatch(/\bundefined\b|-?Infinity/);
    }
  });
});

describe("terminal table", () => {
  it("keeps to the width, and colour changes no letter", () => {
    for (const width of [40, 57, 80, 120]) {
      for (const source of [results, failed, poison(failed, "a long message ".repeat(12))]) {
        const plain = renderTable(source, { width });
        for (const line of plain.split("\n")) expect(line.length, line).toBeLessThanOrEqual(width);
        expect(stripVTControlCharacters(renderTable(source, { width, color: true }))).toBe(plain);
      }
    }
  });

  it("has a line for each arm and floor, and the headline", () => {
    const lines = renderTable(results, { width: 120 }).split("\n");
    for (const { name } of [...results.arms, ...results.floors])
      expect(lines.some((line) => line.startsWith(`${name} `))).toBe(true);
    expect(lines).toContain(results.verdict.headline);
  });

  it("says what the columns of cost and time are in, as far as they are shown", () => {
    const wide = renderTable(results, { width: 120 });
    const trained = results.arms.find(({ name }) => name === "tuned-rag") as ArmResult;
    expect(wide).toMatch(/USD\/1000‡ +training\n/);
    expect(wide).toContain("‡ USD for 1,000 answers");
    expect(wide).toMatch(new RegExp(`^tuned-rag .* ${duration(trained.training!.seconds)}$`, "m"));
    expect(renderTable(results, { width: 40 })).not.toContain("‡");
  });

  it("leaves out the columns that no arm has a figure for, and their footnotes", () => {
    const input = makeFixture({ questions: 12 });
    const answerable = input.questions.map((question) => ({ ...question, documents: ["a.md"] }));
    const alone = evaluate({
      ...input,
      questions: answerable,
      arms: input.arms.filter(({ name }) => name === "base"),
    });
    const table = renderTable(alone, { width: 120 });
    expect(table.split("\n")[0]).not.toMatch(/abstains|cites|training/);
    expect(table).not.toMatch(/^[*†] share/m);
    expect(table).toContain("p95");
    const full = renderTable(results, { width: 120 });
    expect(full.split("\n")[0]).toMatch(/abstains\* +cites† .* training/);
    expect(full).toMatch(/^\* share of the unanswerable/m);
    expect(full).toMatch(/^† share of citations/m);
  });

  it("claims no more of citations than is checked: words and figures", () => {
    const rows = [renderHtml(results), renderMarkdown(results)].join("\n");
    expect(rows).toContain("Citations that hold");
    expect(rows).not.toContain("Correct citations");
    expect(renderTable(results, { width: 120 })).toContain(
      "† share of citations that hold: the passage has the answer's words and figures",
    );
  });

  it("lets no control character through", () => {
    const text = renderTable(poison(failed, "\u001B[2J\u0007gone\r"), { width: 80 });
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("report.md", () => {
  it("has well-formed tables, whatever the names", () => {
    for (const source of [results, failed, poison(failed, "a|b <i>*c*\n# d")]) {
      const page = renderMarkdown(source);
      const tables = page.split("\n\n").filter((block) => block.startsWith("|"));
      expect(tables.length).toBeGreaterThan(2);
      for (const table of tables) {
        const columns = table.split("\n").map((line) => line.split(/(?<!\\)\|/).length);
        expect(new Set(columns).size).toBe(1);
      }
      expect(page).not.toMatch(/<[a-z]/i);
    }
  });

  it("leaves names and keys readable, and lets none of them act as Markdown", () => {
    const line = "Set `num_epochs` or sequence_len; _not_ so: `a *b*` `_c_ __d__ _";
    const page = renderMarkdown(poison(results, line));
    expect(page).toContain(
      "Set `num_epochs` or sequence_len; \\_not\\_ so: \\`a \\*b\\*\\` \\`\\_c\\_ \\_\\_d\\_\\_ \\_",
    );
  });

  it("leaves a comparison of figures as it is", () => {
    const page = renderMarkdown(poison(results, "worse on 0 (p < 0.001)"));
    expect(page).toContain("worse on 0 (p < 0.001)");
    expect(page).not.toContain("&lt;");
  });
});
