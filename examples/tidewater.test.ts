import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import mammoth from "mammoth";
import { extractText } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";

const project = join(import.meta.dirname, "tidewater");
const notInDocuments = "Not in the documents.";
const houseStyle = /^(?<short>\S.*)\. \((?<title>\S.*), section (?<section>\d+(?:\.\d+)?)\)$/;

interface Row {
  question: string;
  answer: string;
  id: string;
  type: string;
  documents: string[];
}

function readRows(name: string): Row[] {
  const lines = readFileSync(join(project, name), "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { messages, metadata } = JSON.parse(line) as {
      messages: { role: string; content: string }[];
      metadata: { id: string; type: string; documents: string[] };
    };
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    return { question: messages[0]!.content, answer: messages[1]!.content, ...metadata };
  });
}

interface Page {
  title: string;
  /** Section number to the text below its heading, the heading left out. */
  sections: Map<string, string>;
}

/** Splits plain text whose headings were marked with `# ` and `## ` at the start of a line. */
function splitSections(text: string): Page {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? "";
  const sections = new Map<string, string>();
  for (const part of text.split(/^## /m).slice(1)) {
    const [heading = "", ...body] = part.split("\n");
    const number = /^(\d+(?:\.\d+)?)\.? \S/.exec(heading)?.[1];
    expect(number, `${title}: the heading "${heading}" has no number`).toBeDefined();
    sections.set(number!, body.join("\n"));
  }
  return { title, sections };
}

function stripTags(html: string): string {
  return html
    .replace(/<h1>(.+?)<\/h1>/g, "\n# $1\n")
    .replace(/<h2>(.+?)<\/h2>/g, "\n## $1\n")
    .replace(/<[^>]+>/g, " ");
}

async function readDocument(path: string): Promise<Page> {
  const bytes = readFileSync(join(project, "documents", path));
  if (extname(path) === ".md") return splitSections(bytes.toString("utf8"));
  if (extname(path) === ".html") {
    return splitSections(stripTags(/<article>([^]*)<\/article>/.exec(bytes.toString("utf8"))?.[1] ?? ""));
  }
  if (extname(path) === ".docx") {
    return splitSections(stripTags((await mammoth.convertToHtml({ buffer: bytes })).value));
  }
  // A page of a PDF carries no heading marks: mark the lines that have the form of one.
  const { text } = await extractText(new Uint8Array(bytes));
  const [, title, ...lines] = text.flatMap((page) => page.split("\n"));
  return splitSections([`# ${title}`, ...lines].join("\n").replace(/^(?=\d\. [A-Z])/gm, "## "));
}

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/(\d),(\d)/g, "$1$2")
    .replace(/(\d)\.00\b/g, "$1")
    .match(/[\p{L}\p{N}]+(?:[.:][0-9]+)?/gu) ?? [];

function jaccard(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / (a.size + b.size - shared);
}

describe("the example project tidewater", () => {
  const train = readRows("examples.jsonl");
  const heldOut = readRows("heldout.jsonl");
  const rows = [...train, ...heldOut];
  const paths = readdirSync(join(project, "documents"), { recursive: true, encoding: "utf8" })
    .filter((path) => extname(path) !== "")
    .map((path) => path.replaceAll("\\", "/"));
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    for (const path of paths) pages.set(path, await readDocument(path));
  });

  it("has the promised number of documents and examples of each kind", () => {
    const documents = (extension: string) => paths.filter((path) => extname(path) === extension).length;
    expect(documents(".md")).toBeGreaterThanOrEqual(34);
    expect(documents(".html")).toBeGreaterThanOrEqual(6);
    expect(documents(".pdf")).toBeGreaterThanOrEqual(2);
    expect(documents(".docx")).toBeGreaterThanOrEqual(2);
    const examples = (of: Row[], type: string) => of.filter((row) => row.type === type).length;
    expect(train.length).toBeGreaterThanOrEqual(340);
    expect(examples(train, "unanswerable")).toBeGreaterThanOrEqual(30);
    expect(examples(train, "changed")).toBeGreaterThanOrEqual(25);
    expect(heldOut.length).toBeGreaterThanOrEqual(90);
    expect(examples(heldOut, "unanswerable")).toBeGreaterThanOrEqual(14);
    expect(examples(heldOut, "changed")).toBeGreaterThanOrEqual(12);
  });

  it("gives every example its own id and question", () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ question }) => words(question).join(" "))).size).toBe(rows.length);
  });

  it("answers in the house style, from a section that exists and holds the answer", () => {
    const used = new Set<string>();
    for (const { id, type, answer, documents } of rows) {
      expect(type, id).toMatch(/^(fact|changed|unanswerable)$/);
      expect(answer === notInDocuments, id).toBe(type === "unanswerable");
      expect(documents.length, id).toBe({ fact: 1, changed: 2, unanswerable: 0 }[type]);
      if (type === "unanswerable") continue;
      const { short, title, section } = houseStyle.exec(answer)?.groups ?? {};
      const page = pages.get(documents[0]!);
      expect(page?.title, `${id}: ${answer}`).toBe(title);
      const inSection = new Set(words(page!.sections.get(section!) ?? ""));
      const sought = words(short!);
      const found = sought.filter((word) => inSection.has(word));
      const figures = sought.filter((word) => /\d/.test(word));
      expect(found, `${id}: ${answer}`).toEqual(expect.arrayContaining(figures));
      expect(found.length / sought.length, `${id}: ${answer}`).toBeGreaterThanOrEqual(0.5);
      used.add(documents[0]!);
    }
    expect([...used].sort()).toEqual([...paths].sort());
  });

  it("takes every changed fact from a bulletin that names the older section, which says something else", () => {
    for (const { id, answer, documents } of rows.filter(({ type }) => type === "changed")) {
      const [later, older] = documents.map((path) => pages.get(path)!);
      const { short, section } = houseStyle.exec(answer)!.groups!;
      const notice = later!.sections.get(section!)!;
      const named = (number: string) => notice.includes(`${older!.title}, section ${number}`);
      const old = [...older!.sections].find(([number]) => named(number));
      expect(old, `${id}: ${answer}`).toBeDefined();
      expect(` ${words(old![1]).join(" ")} `, `${id}: ${answer}`).not.toContain(
        ` ${words(short!).join(" ")} `,
      );
    }
  });

  it("holds out facts, not rewordings: no fact and no near-equal question is on both sides", () => {
    const key = (row: Row) => `${row.documents[0]} ${row.answer}`;
    const trained = new Set(train.filter(({ type }) => type !== "unanswerable").map(key));
    const questions = train.map(({ question }) => ({ question, bag: new Set(words(question)) }));
    for (const row of heldOut) {
      expect(trained, row.id).not.toContain(key(row));
      const bag = new Set(words(row.question));
      const near = questions.filter((other) => jaccard(bag, other.bag) >= 0.8);
      expect(near, `${row.id}: ${row.question}`).toEqual([]);
    }
  });
});
