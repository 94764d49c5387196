import { expect, test } from "vitest";
import { checkHeldOut, checkTraining } from "./check-examples.ts";
import { cleanExamples } from "./clean.ts";
import { example } from "./examples.case.ts";
import { findLeaks, refuseLeaks, removeLeaks } from "./leaks.ts";

const long = "On which days of the week does the early ferry from the north quay to the island run in winter";

test("copies go, alike questions go if the answer is the same, conflicts are reported and stay", () => {
  const { examples, report } = cleanExamples([
    example("a", "How much is parking?", "£4"),
    example("b", "how much is parking", "£4."),
    example("c", "How much is parking?", "£5"),
    example("d", `${long}?`, "Mondays"),
    example("e", `${long} time?`, "Mondays"),
    example("f", `${long} season?`, "Tuesdays"),
  ]);
  expect(examples.map(({ id }) => id)).toEqual(["a", "c", "d", "f"]);
  expect(report).toMatchObject({
    kept: 4,
    exact: [{ dropped: "b", keptAs: "a" }],
    near: [{ dropped: "e", keptAs: "d" }],
    conflicts: [{ ids: ["a", "c"] }],
  });
});

test("leaks: the same question and an alike one, with every copy, are found and removed", () => {
  const heldOut = [example("h1", "How much is parking?", "£4"), example("h2", `${long}?`, "Mondays")];
  const train = [
    example("t1", "how much is PARKING", "£4"),
    example("t2", `${long} time?`, "Mondays"),
    example("t3", `${long}, time`, "Tuesdays"),
    example("t4", "Who runs the bar?", "Ann"),
  ];
  const leaks = findLeaks(train, heldOut);
  expect(leaks.map(({ trainId, heldOutId }) => [trainId, heldOutId])).toEqual([
    ["t1", "h1"],
    ["t2", "h2"],
    ["t3", "h2"],
  ]);
  expect(removeLeaks(train, leaks).map(({ id }) => id)).toEqual(["t4"]);
  expect(() => refuseLeaks(leaks, { train: "train.jsonl", heldOut: "test.jsonl" })).toThrow(
    /^1 training question of train.jsonl is asked again in test.jsonl:\n {2}t1 and h1: how much/,
  );
  expect(() => refuseLeaks(leaks.slice(1), { train: "a", heldOut: "b" })).not.toThrow();
});

test("a system message does not make questions alike", () => {
  const system = { role: "system" as const, content: `${long} ${long} ${long}` };
  const ask = (id: string, content: string) =>
    example(id, "", "A", { prompt: [system, { role: "user", content }] });
  expect(findLeaks([ask("t", "Can I bring a bicycle?")], [ask("h", "When do you open?")])).toEqual([]);
});

test("one answer to everything is refused for training and warned of for the held-out questions", () => {
  const same = [example("a", "Q1", "Yes"), example("b", "Q2", "yes.")];
  expect(() => checkTraining(same, "train.jsonl")).toThrow(/All 2 training examples of train.jsonl/);
  expect(checkHeldOut(same, "test.jsonl").map(({ code }) => code)).toEqual([
    "LORAG_FEW_QUESTIONS",
    "LORAG_ONE_CLASS",
  ]);
  const many = Array.from({ length: 20 }, (_, i) => example(`${i}`, `Q${i}`, `A${i}`));
  expect(checkHeldOut(many, "test.jsonl")).toEqual([]);
  expect(() => checkTraining(many, "train.jsonl")).not.toThrow();
});

test("answers that differ in a symbol are no copies: both stay and are told", () => {
  const { examples, report } = cleanExamples([
    example("a", "Which grade did Ann get?", "A+"),
    example("b", "Which grade did Ann get?", "A-"),
    example("c", "which grade did Ann get", "a+"),
  ]);
  expect(examples.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(report).toMatchObject({ exact: [{ dropped: "c", keptAs: "a" }], conflicts: [{ ids: ["a", "b"] }] });
});

test("under other instructions an answer is another one, and preferences have several", () => {
  const asked = (id: string, system: string, completion: string) =>
    example(id, "", completion, {
      prompt: [
        { role: "system", content: system },
        { role: "user", content: "When does the bar open?" },
      ],
    });
  expect(
    cleanExamples([asked("a", "Be brief.", "At six"), asked("b", "Be a pirate.", "Arr, six!")]).report,
  ).toMatchObject({
    kept: 2,
    conflicts: [],
  });
  const pairs = [
    example("a", "When does the bar open?", "At six", { rejected: "No idea" }),
    example("b", "When does the bar open?", "At six", { rejected: "Dunno" }),
    example("c", "When does the bar open?", "At six.", { rejected: "no idea" }),
  ];
  expect(cleanExamples(pairs).report).toMatchObject({ kept: 2, exact: [{ dropped: "c" }], conflicts: [] });
});

test("questions that differ in symbols alone are no leak", () => {
  const asked = (id: string, what: string) => example(id, `Which course teaches ${what}?`, "Room 5");
  expect(findLeaks([asked("t", "C++")], [asked("h", "C#")])).toEqual([]);
  expect(findLeaks([asked("t", "c++")], [asked("h", "C++")])).toMatchObject([{ similarity: 1 }]);
});
