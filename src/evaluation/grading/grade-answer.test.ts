import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gradeAnswer } from "./grade-answer.ts";

interface Case {
  kind: string;
  gold: string;
  answer: string;
  right: boolean;
  question?: string;
}

const readCases = (table: string): Case[] =>
  readFileSync(new URL(`../../../test/grading/${table}.jsonl`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Case);

/**
 * The second table, the third but for its pairs taken from answers of a real run, the fourth and most of the fifth were graded by hand before
 * the grader had seen them.
 */
const cases = ["cases", "fresh-cases", "third-cases", "fourth-cases", "fifth-cases"].flatMap(readCases);
const kinds = [...new Set(cases.map(({ kind }) => kind))];

describe("golds are graded as a careful person would", () => {
  it.each(kinds)("%s", (kind) => {
    const wrong = cases
      .filter((each) => each.kind === kind)
      .filter(
        ({ gold, answer, right, question }) => gradeAnswer(answer, [gold], { question }).right !== right,
      );
    expect(wrong).toEqual([]);
  });

  it("names what it still gets wrong, and nothing else", () => {
    const mended = readCases("known-misgraded").filter(
      ({ gold, answer, right, question }) => gradeAnswer(answer, [gold], { question }).right === right,
    );
    expect(mended).toEqual([]);
  });

  it("takes a lone letter for no language", () => {
    expect(gradeAnswer("1500 °C", ["1,500 °C"]).right).toBe(true);
    expect(gradeAnswer("1.5 °C", ["1,500 °C"]).right).toBe(false);
  });

  it("takes any of the accepted golds", () => {
    expect(gradeAnswer("It is the Kittiwick.", ["Saltmaiden", "Kittiwick"]).right).toBe(true);
    expect(gradeAnswer("It is the Old Brede.", ["Saltmaiden", "Kittiwick"]).right).toBe(false);
  });
});

describe("what was asked tells what is right", () => {
  it.each([
    ["How many hooks are there?", "12 hooks", "12.", true],
    ["How many hooks are there?", "12 hooks", "12 ladders", false],
    ["How many hooks are there?", "12 hooks", "13.", false],
    ["How long is the rope?", "12 metres", "12.", false],
    ["Which berth is the tug's?", "Berth Osprey", "Osprey", true],
    ["Is it the red or the blue lamp?", "the red lamp", "lamp", false],
    ["When does the fair end?", "2 August", "It is held from 10 June to 2 August.", true],
    ["When does the fair begin?", "2 August", "It is held from 10 June to 2 August.", false],
    ["When does the fair begin?", "10 June", "It is held from 10 June to 2 August.", true],
    ["When is the fair?", "2 August", "It is held from 10 June to 2 August.", false],
    ["Under what age do guests go free?", "12", "under 12", true],
    ["How many guests came?", "12", "under 12", false],
    ["What is never lent?", "atlases", "Everything is lent, except atlases.", true],
    ["What is lent?", "atlases", "Everything is lent, except atlases.", false],
  ])("%s %s: %s", (question, gold, answer, right) =>
    expect(gradeAnswer(answer, [gold], { question }).right).toBe(right),
  );
});

describe("ways to grade", () => {
  const number = { mode: "number" as const };
  it.each([
    ["exact", "AB", "AB", true],
    ["exact", "AB", "ab", false],
    ["exact", "caf\u00e9", "cafe\u0301", true],
    ["contains", "old ferry", "It is the Old Ferry at night.", true],
    ["contains", "5", "It is 15.", false],
    ["contains", "上午", "周二上午", true],
    ["f1", "the old ferry at night", "old ferry night", true],
    ["f1", "the old ferry at night", "a new train", false],
    ["label", "positive", "The review is positive.", true],
    ["label", "positive", "The review is not positive.", false],
    ["label", "C#", "C++", false],
    ["number", "12.5", "About 12½ in all.", true],
    ["number", "12.5", "12.4", false],
    ["number", "12.5", "12 or 12.5", false],
  ] as const)("%s: gold %s, answer %s", (mode, gold, answer, right) =>
    expect(gradeAnswer(answer, [gold], { grading: { mode } }).right).toBe(right),
  );

  it("allows for a tolerance, and converts to the unit", () => {
    expect(gradeAnswer("10.2 km", ["10"], { grading: { ...number, unit: "km", tolerance: 0.5 } }).right).toBe(
      true,
    );
    expect(gradeAnswer("10200 m", ["10 km"], { grading: { ...number, tolerance: "3%" } }).right).toBe(true);
    expect(gradeAnswer("10.2", ["10"], { grading: { ...number, unit: "km", tolerance: 0.5 } }).right).toBe(
      true,
    );
    expect(gradeAnswer("10 kg", ["10"], { grading: { ...number, unit: "km" } }).right).toBe(false);
    expect(() =>
      gradeAnswer("10", ["ten-ish or so, maybe"], { grading: { ...number, unit: "parsnips" } }),
    ).toThrow("parsnips");
    expect(() => gradeAnswer("10", ["a lot"], { grading: number })).toThrow("holds no number");
  });
});
