import type { Chunk, LanguageCode } from "../../contracts/index.ts";
import { splitSentences } from "../../text/index.ts";
import { clausesOf } from "./clauses.ts";
import { readStatement, type Statement } from "./read-statement.ts";

/** A statement of a passage, and where it stands in the passage's text. */
export interface Evidence extends Statement {
  start: number;
  end: number;
  /** The headings above it. */
  headings: string[];
  /** Of its sentence or row, as one sentence may make several statements. */
  sentence: number;
  /** A cell of a row. */
  isCell?: boolean;
}

/** `They travel free`: of whom, the sentence before says. */
const pointsBack =
  /^(?:\p{L}+\s+){0,3}(?:they|it|he|she|its|their|this|these|those|both|each|sie|es|er|diese[rs]?|ils?|elles?|ce(?:ci|la)?|ellos|ellas|esto|они|он|она|оно|это)(?!\p{L})/iu;
const rule = /^[\s|:+-]+$/u;

/** What a passage says, statement by statement: its sentences and their clauses, the rows of its tables and their cells. */
export function readPassage(chunk: Chunk, language: LanguageCode | undefined): Evidence[] {
  const found: Evidence[] = [];
  let headings = chunk.headings;
  let head: string[] = [];
  let at = 0;
  let sentence = 0;
  let before = "";
  for (const line of chunk.text.split("\n")) {
    const start = at;
    at += line.length + 1;
    const add = (text: string, under = "", preceding = "", isCell = false): void => {
      const from = chunk.text.indexOf(text, start);
      const [first, last] = from < 0 ? [start, start + line.length] : [from, from + text.length];
      found.push({
        ...readStatement(text, language, `${headings.at(-1) ?? chunk.title} ${under}`, preceding),
        start: first,
        end: last,
        headings,
        sentence,
        ...(isCell && { isCell }),
      });
    };
    if (line.trim() === "") {
      head = [];
      before = "";
      continue;
    }
    const title = /^(#+)\s+(.*)$/u.exec(line);
    if (title) {
      headings = [
        ...chunk.headings.filter((each) => !each.endsWith(title[2]!)).slice(0, title[1]!.length - 2),
        title[2]!,
      ];
      before = "";
      continue;
    }
    if (line.includes("|")) {
      if (rule.test(line)) continue;
      const cells = line
        .replace(/^\s*\|/u, "")
        .replace(/\|\s*$/u, "")
        .split("|")
        .map((cell) => cell.trim());
      sentence++;
      add(line, head.join(" "));
      if (head.length === cells.length) {
        for (const [column, cell] of cells.entries()) {
          if (column > 0 && cell !== "") add(cell, `${cells[0]!} ${head[column]!}`, "", true);
        }
      }
      if (head.length === 0) head = cells;
      continue;
    }
    for (const text of splitSentences(line)) {
      sentence++;
      add(text, "", pointsBack.test(text) ? before : "");
      const clauses = clausesOf(text, language);
      if (clauses.length > 1) for (const clause of clauses) add(clause);
      before = text;
    }
  }
  return found;
}
